"""What the images of an article should show, and where they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationInfo, model_validator

from igny8.ai.functions import AIFunction, Answer, Question
from igny8.ai.operation import Batch, Operation, Outcome
from igny8.core import clock
from igny8.planner.plain import Plain, same
from igny8.planner.sample.draw import seed_of
from igny8.writer.frame_headings import all_frame_headings
from igny8.writer.gate import turn_to_review_when_ready
from igny8.writer.models import Content, Image
from igny8.writer.sample.images import (
    Anchor,
    caption_of,
    chosen_anchors,
    featured_picture,
    section_pictures,
    style_of,
)


class ArticleSection(Question):
    """A section an image may belong to, addressed by its id."""

    id: str
    heading: str


class ImagePlanQuestion(Question):
    """The article's sections and how many images its text should get besides the featured one."""

    title: str
    keyword: str
    language: str = "en"
    sections: tuple[ArticleSection, ...] = ()
    count: int = Field(ge=0, le=20)
    style: str = ""

    @model_validator(mode="after")
    def _has_a_section_for_each_image(self) -> Self:
        if self.count > len(self.sections):
            raise ValueError(
                f"{self.count} images need {self.count} sections, not {len(self.sections)}"
            )
        return self


class PlannedImage(Answer):
    """What to draw, and what to say of it to those who cannot see it."""

    prompt: Plain = Field(min_length=40, max_length=900)
    alt: Plain = Field(min_length=20, max_length=125)

    @model_validator(mode="after")
    def _describes_what_is_seen(self) -> Self:
        if self.alt.casefold().startswith("image of"):
            raise ValueError("the alt text starts with “image of”: describe what is seen")
        return self


class FeaturedImage(PlannedImage):
    """The image at the head of the article."""

    style: Plain = Field(default="", max_length=120)


class SectionImage(PlannedImage):
    """An image at the section whose id is its anchor."""

    anchor: str
    caption: Plain = Field(default="", max_length=160)


class ImagePlan(Answer):
    """One featured image and exactly as many in the text as were asked for."""

    featured: FeaturedImage
    in_article: list[SectionImage] = Field(default=[], max_length=20)

    @model_validator(mode="after")
    def _fits_the_article(self, info: ValidationInfo) -> Self:
        if isinstance(info.context, ImagePlanQuestion):
            asked = info.context
            complaints = [
                *_wrong_count(self, asked),
                *_wrong_anchors(self, asked),
                *_repeated_alts(self),
            ]
            if complaints:
                raise ValueError("; ".join(complaints[:30]))
        return self


def offline(question: ImagePlanQuestion) -> ImagePlan:
    """Scenes that suit the job of each section, spread evenly over the article."""
    seed = seed_of(question)
    keyword, style = question.keyword, question.style
    sections = [Anchor(section.id, section.heading) for section in question.sections]
    anchors = chosen_anchors(sections, question.count)
    first = featured_picture(question.title, keyword, style, seed)
    pictures = section_pictures(anchors, keyword, style, seed)
    return ImagePlan(
        featured=FeaturedImage(prompt=first.prompt, alt=first.alt, style=style_of(style)),
        in_article=[
            SectionImage(
                prompt=picture.prompt, alt=picture.alt, anchor=anchor.id, caption=caption_of(anchor)
            )
            for anchor, picture in zip(anchors, pictures, strict=True)
        ],
    )


ask_image_plan = AIFunction(
    name="generate_image_prompts",
    question=ImagePlanQuestion,
    answer=ImagePlan,
    offline=offline,
    prompt=Path(__file__).parent.parent / "prompts" / "generate_image_prompts.md",
)


def _wrong_count(plan: ImagePlan, asked: ImagePlanQuestion) -> list[str]:
    if len(plan.in_article) == asked.count:
        return []
    return [f"{asked.count} images in the article were asked for, {len(plan.in_article)} came"]


def _wrong_anchors(plan: ImagePlan, asked: ImagePlanQuestion) -> list[str]:
    known = {section.id for section in asked.sections}
    anchors = [image.anchor for image in plan.in_article]
    return [
        *(f"no section has the id {one!r}" for one in anchors if one not in known),
        *(
            f"section {a} has two images"
            for a in sorted({a for a in anchors if anchors.count(a) > 1})
        ),
    ]


def _repeated_alts(plan: ImagePlan) -> list[str]:
    alts = [same(image.alt) for image in (plan.featured, *plan.in_article)]
    return [] if len(set(alts)) == len(alts) else ["two images have the same alt text"]


@dataclass(frozen=True, kw_only=True)
class PlannedContent:
    """The pictures of one article; none when its site wants none."""

    content_id: int
    plan: ImagePlan | None
    headings: Mapping[str, str]


def decide(batch: Batch[Content]) -> list[PlannedContent]:
    return [_plan_for(content, batch) for content in batch.rows]


def write(planned: Sequence[PlannedContent], held: frozenset[int]) -> Outcome:
    """Images `pending`, the featured one first; an article that wants none goes to the gate."""
    mine = [plan for plan in planned if plan.content_id in held]
    made = {plan.content_id: _store(plan) for plan in mine}
    now = clock.now()
    Content.objects.filter(pk__in=made).update(image_plan_at=now, updated_at=now)
    turn_to_review_when_ready(pk for pk, images in made.items() if not images)
    return Outcome(made=made)


generate_image_prompts = Operation(
    name="generate_image_prompts",
    decide=decide,
    write=write,
    after_parking=turn_to_review_when_ready,
)


def _plan_for(content: Content, batch: Batch[Content]) -> PlannedContent:
    headings = headings_by_id(content)
    if not batch.settings["wants_images"]:
        return PlannedContent(content_id=content.pk, plan=None, headings=headings)
    question = plan_question(content, headings, batch.settings["images_per_article"])
    key = f"generate_image_prompts/content:{content.pk}/0/plan"
    return PlannedContent(
        content_id=content.pk, plan=batch.ask(ask_image_plan, question, key=key), headings=headings
    )


def headings_by_id(content: Content) -> dict[str, str]:
    return {f"s{n}": text for n, text in enumerate(section_headings(content.body), 1)}


def plan_question(content: Content, headings: Mapping[str, str], wanted: int) -> ImagePlanQuestion:
    """One section at least stays without a picture."""
    return ImagePlanQuestion(
        title=content.title,
        keyword=content.primary_keyword,
        language=content.site.language,
        sections=tuple(ArticleSection(id=i, heading=text) for i, text in headings.items()),
        count=max(0, min(wanted, len(headings) - 1)),
    )


def section_headings(body: str) -> list[str]:
    """Headings of level 2 that a picture may stand under, as they read."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(body)
    headings = [
        "".join(child.content for child in (inline.children or ()))
        for opening, inline in pairwise(tokens)
        if opening.type == "heading_open" and opening.tag == "h2"
    ]
    return [text for text in headings if text not in all_frame_headings()]


def _store(planned: PlannedContent) -> list[int]:
    if planned.plan is None:
        return []
    content = Content.objects.get(pk=planned.content_id)
    first = planned.plan.featured
    images = [Image(kind=Image.Kind.FEATURED, slot=0, prompt=first.prompt, alt=first.alt)]
    images += [
        Image(
            kind=Image.Kind.IN_ARTICLE,
            slot=slot,
            prompt=image.prompt,
            alt=image.alt,
            caption=image.caption,
            anchor=planned.headings[image.anchor][:200],
        )
        for slot, image in enumerate(planned.plan.in_article, 1)
    ]
    for image in images:
        image.site_id, image.content = content.site_id, content
    return [image.pk for image in Image.objects.bulk_create(images)]
