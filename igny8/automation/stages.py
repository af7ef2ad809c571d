"""The pipeline in one list: pages, commands, estimates and the runner iterate it.

Nothing else in the product knows that there are seven stages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models

from igny8.ai.functions import Form
from igny8.ai.operation import Operation
from igny8.core.models import WorkedQuerySet
from igny8.planner.functions.auto_cluster import auto_cluster
from igny8.planner.functions.generate_ideas import generate_ideas
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.sites.models import Site
from igny8.writer.functions.create_tasks import create_tasks
from igny8.writer.functions.generate_content import generate_content
from igny8.writer.functions.generate_image_prompts import generate_image_prompts
from igny8.writer.functions.generate_images import generate_images
from igny8.writer.models import Content, Image, Task


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One step of the pipeline: what waits, what is done to it, and how people call that.

    `takes` and `makes` are singular and plural; `verified` names what is left of the queue;
    `seconds` is how long an item takes when nobody knows better, `form` what its calls ask for.
    """

    number: int
    title: str
    queue: Callable[[], WorkedQuerySet[Any]]
    process: Operation[Any, Any] | None
    takes: tuple[str, str]
    makes: tuple[str, str]
    verified: str = ""
    seconds: float = 0.0
    form: Form = Form.STRUCTURED

    @cached_property
    def model(self) -> type[models.Model]:
        return self.queue().model

    def pending(self, site: Site) -> WorkedQuerySet[Any]:
        """Rows of the site that this stage would take now."""
        return self.queue().filter(site=site).free()

    def count(self, number: int) -> str:
        """`1 keyword`, `20 keywords`."""
        return f"{number} {self.takes[number != 1]}"


STAGES = (
    Stage(
        number=1,
        title="Keywords → Clusters",
        queue=Keyword.objects.awaiting_cluster,
        process=auto_cluster,
        takes=("keyword", "keywords"),
        makes=("cluster", "clusters"),
        verified="keywords pending",
        seconds=0.5,
    ),
    Stage(
        number=2,
        title="Clusters → Ideas",
        queue=Cluster.objects.awaiting_ideas,
        process=generate_ideas,
        takes=("cluster", "clusters"),
        makes=("idea", "ideas"),
        verified="clusters pending",
        seconds=10,
    ),
    Stage(
        number=3,
        title="Ideas → Tasks",
        queue=ContentIdea.objects.awaiting_task,
        process=create_tasks,
        takes=("idea", "ideas"),
        makes=("task", "tasks"),
        verified="ideas pending",
        seconds=0.05,
    ),
    Stage(
        number=4,
        title="Tasks → Content",
        queue=Task.objects.pending,
        process=generate_content,
        takes=("task", "tasks"),
        makes=("content piece", "content pieces"),
        verified="tasks pending",
        seconds=90,
    ),
    Stage(
        number=5,
        title="Content → Image Prompts",
        queue=Content.objects.awaiting_image_prompts,
        process=generate_image_prompts,
        takes=("content piece", "content pieces"),
        makes=("prompt", "prompts"),
        verified="content without images",
        seconds=12,
    ),
    Stage(
        number=6,
        title="Image Prompts → Images",
        queue=Image.objects.pending,
        process=generate_images,
        takes=("image", "images"),
        makes=("image", "images"),
        verified="pending images",
        seconds=20,
        form=Form.IMAGE,
    ),
    Stage(
        number=7,
        title="Manual Review Gate",
        queue=Content.objects.in_review,
        process=None,
        takes=("content piece", "content pieces"),
        makes=("decision", "decisions"),
    ),
)
ARTICLES_STAGE, IMAGES_STAGE = 4, 6
WORK_STAGES = tuple(stage for stage in STAGES if stage.process is not None)


def stage_number(number: int) -> Stage:
    return STAGES[number - 1]
