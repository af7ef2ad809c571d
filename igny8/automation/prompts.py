"""Every prompt a site can word for itself, each with a question to show it with."""

from dataclasses import dataclass
from typing import Any

from igny8.ai.functions import AIFunction, Question
from igny8.core.errors import UsageError
from igny8.planner.functions.auto_cluster import Group, NamesQuestion, ask_names
from igny8.planner.functions.generate_ideas import IdeasQuestion, Page, PageKeyword, ask_ideas
from igny8.writer.brief import Brief, Heading
from igny8.writer.functions.generate_image_prompts import (
    ArticleSection,
    ImagePlanQuestion,
    ask_image_plan,
)
from igny8.writer.functions.generate_images import ImageQuestion, ask_image
from igny8.writer.functions.write_conclusion import ConclusionQuestion, ask_conclusion
from igny8.writer.functions.write_introduction import IntroductionQuestion, ask_introduction
from igny8.writer.functions.write_metadata import MetadataQuestion, ask_metadata
from igny8.writer.functions.write_section import SectionQuestion, ask_section


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What the prompts page lists, and previews with `example`."""

    title: str
    stage: int
    function: AIFunction[Any, Any]
    example: Question


_BRIEF = Brief(
    title="Indoor Herb Garden: A Calm Start",
    angle="One shelf, three herbs, ten minutes a week",
    primary_keyword="indoor herb garden",
    secondary_keywords=("herb garden indoors", "herbs on a windowsill"),
    audience="people with a small kitchen",
    outline=(
        Heading(heading="What herbs need indoors", points=("Light", "Water")),
        Heading(heading="Three herbs to begin with", points=("Mint", "Chives", "Basil")),
    ),
)

PROMPTS = (
    Prompt(
        title="Name clusters",
        stage=1,
        function=ask_names,
        example=NamesQuestion(
            site="Herbs at Home",
            groups=(
                Group(id="g1", name="indoor herb garden", keywords=("indoor herb garden", "herbs")),
                Group(id="g2", name="grow lights", keywords=("grow lights for herbs",)),
            ),
        ),
    ),
    Prompt(
        title="Plan ideas",
        stage=2,
        function=ask_ideas,
        example=IdeasQuestion(
            site="Herbs at Home",
            cluster="Indoor herb garden",
            pages=(Page(id="p1", keywords=(PageKeyword(id="k1", text="indoor herb garden"),)),),
            count=1,
        ),
    ),
    Prompt(
        title="Write introductions",
        stage=4,
        function=ask_introduction,
        example=IntroductionQuestion(brief=_BRIEF, words=80),
    ),
    Prompt(
        title="Write sections",
        stage=4,
        function=ask_section,
        example=SectionQuestion(brief=_BRIEF, number=1, words=200),
    ),
    Prompt(
        title="Write conclusions",
        stage=4,
        function=ask_conclusion,
        example=ConclusionQuestion(brief=_BRIEF, words=80),
    ),
    Prompt(
        title="Write titles and descriptions",
        stage=4,
        function=ask_metadata,
        example=MetadataQuestion(
            brief=_BRIEF,
            headings=("What herbs need indoors", "Three herbs to begin with"),
            opening="An indoor herb garden needs less than most people think.",
        ),
    ),
    Prompt(
        title="Plan images",
        stage=5,
        function=ask_image_plan,
        example=ImagePlanQuestion(
            title="Indoor Herb Garden: A Calm Start",
            keyword="indoor herb garden",
            sections=(ArticleSection(id="s1", heading="What herbs need indoors"),),
            count=1,
        ),
    ),
    Prompt(
        title="Draw images",
        stage=6,
        function=ask_image,
        example=ImageQuestion(
            title="Indoor Herb Garden: A Calm Start",
            prompt="Three pots of herbs on a wooden shelf beside a bright window",
            alt="Three pots of herbs on a shelf",
            kind="featured",
        ),
    ),
)


def prompt_named(name: str) -> Prompt:
    """Raises a UsageError that lists what there is."""
    found = next((one for one in PROMPTS if one.function.name == name), None)
    if found is None:
        names = ", ".join(one.function.name for one in PROMPTS)
        raise UsageError(f"There is no prompt “{name}”. Choose one of {names}.")
    return found
