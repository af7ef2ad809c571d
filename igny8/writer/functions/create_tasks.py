"""Planning ideas as tasks; nothing has to be asked for that."""

from collections.abc import Sequence

from igny8.ai.operation import Batch, Operation, Outcome
from igny8.core import clock
from igny8.planner.models import ContentIdea
from igny8.writer.models import Task


def decide(batch: Batch[ContentIdea]) -> Sequence[ContentIdea]:
    return batch.rows


def write(ideas: Sequence[ContentIdea], held: frozenset[int]) -> Outcome:
    """A task `pending` for each idea, which turns `in_progress`."""
    mine = [idea for idea in ideas if idea.pk in held]
    planned = dict(Task.objects.filter(idea__in=mine).values_list("idea_id", "pk"))
    missing = [idea for idea in mine if idea.pk not in planned]
    tasks = Task.objects.bulk_create(
        Task(site_id=idea.site_id, idea=idea, title=idea.title, taxonomy_id=idea.taxonomy_id)
        for idea in missing
    )
    planned |= {task.idea_id: task.pk for task in tasks}
    ContentIdea.objects.filter(pk__in=planned).update(
        status=ContentIdea.Status.IN_PROGRESS, updated_at=clock.now()
    )
    return Outcome(made={idea.pk: [planned[idea.pk]] for idea in mine})


create_tasks = Operation(name="create_tasks", decide=decide, write=write)
