"""Draws one image of an article, or has it drawn by an image model."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from igny8.ai.functions import AIFunction, Form, ImageAnswer, Question
from igny8.ai.models import AIConnection
from igny8.ai.operation import Batch, Operation, Outcome
from igny8.core import clock
from igny8.core.rows import fetch_rows, update_rows
from igny8.writer.drawing.composition import Card
from igny8.writer.drawing.picture import draw_plate, draw_title_card
from igny8.writer.gate import turn_to_review_when_ready
from igny8.writer.models import Content, Image
from igny8.writer.pictures import Picture, store_drawing, store_picture, why_no_picture


class ImageQuestion(Question):
    """One image as planned: what it shows, what it says, and how large it is.

    `slot` counts the images of an article; 0 is the featured one. `variation` counts how often it
    was made before.
    """

    title: str
    prompt: str
    alt: str
    kind: Literal["featured", "in_article"]
    caption: str = ""
    keyword: str = ""
    slot: int = Field(default=0, ge=0)
    width: int = Field(default=1600, ge=320, le=2400)
    height: int = Field(default=900, ge=320, le=2400)
    variation: int = Field(default=0, ge=0)


def offline(question: ImageQuestion) -> ImageAnswer:
    """A title card or a captioned plate, drawn here; the same question, the same bytes."""
    draw = draw_title_card if question.kind == "featured" else draw_plate
    return ImageAnswer(image=draw(_card(question)))


def _card(question: ImageQuestion) -> Card:
    """Images of one keyword share their colours; no two questions share their drawing."""
    return Card(
        seed=question.model_dump_json(exclude=None if question.variation else {"variation"}),
        family=question.keyword.casefold() or question.title,
        series=question.title,
        slot=question.slot,
        title=question.title,
        kicker=question.keyword,
        caption=question.caption or question.alt,
        width=question.width,
        height=question.height,
    )


def no_picture(_: ImageQuestion, answer: ImageAnswer) -> str:
    """The objection to bytes that nobody can show: they are asked for again."""
    return why_no_picture(answer.image)


ask_image = AIFunction(
    name="generate_images",
    question=ImageQuestion,
    answer=ImageAnswer,
    offline=offline,
    prompt=Path(__file__).parent.parent / "prompts" / "generate_images.md",
    form=Form.IMAGE,
    objection=no_picture,
    needed=("question.prompt",),
)


@dataclass(frozen=True, kw_only=True)
class DrawnImage:
    """A picture on disk, and the row it is for."""

    image_id: int
    content_id: int
    picture: Picture
    generated_by: str
    seed: int | None
    call_id: int


def decide(batch: Batch[Image]) -> list[DrawnImage]:
    """The file is written here: its name holds its content, so a file nobody uses does no harm."""
    return [_drawn(image, batch) for image in batch.rows]


def write(drawn: Sequence[DrawnImage], held: frozenset[int]) -> Outcome:
    """The image turns `generated`; with the last one its article turns `review`."""
    mine = [one for one in drawn if one.image_id in held]
    for one in mine:
        made = {
            "status": Image.Status.GENERATED,
            "generated_by": one.generated_by,
            "seed": one.seed,
            "call_id": one.call_id,
            "updated_at": clock.now(),
            **asdict(one.picture),
        }
        update_rows(Image, made, "id = %s", [one.image_id])
    turn_to_review_when_ready(one.content_id for one in mine)
    return Outcome(made={one.image_id: [one.image_id] for one in mine})


def after_parking(image_ids: Sequence[int]) -> None:
    contents = Image.objects.filter(pk__in=image_ids).values_list("content_id", flat=True)
    turn_to_review_when_ready(contents)


generate_images = Operation(
    name="generate_images", decide=decide, write=write, after_parking=after_parking
)


def image_question(image: Image, content: Content) -> ImageQuestion:
    return ImageQuestion(
        title=content.title,
        prompt=image.prompt,
        alt=image.alt,
        kind="featured" if image.kind == Image.Kind.FEATURED else "in_article",
        caption=image.caption,
        keyword=content.primary_keyword,
        slot=image.slot,
        variation=image.round,
    )


def _drawn(image: Image, batch: Batch[Image]) -> DrawnImage:
    [content] = fetch_rows(Content, "id = %s", [image.content_id])
    question = image_question(image, content)
    key = f"generate_images/image:{image.pk}/{image.round}/picture"
    answer = batch.ask(ask_image, question, key=key)
    name = f"{batch.site.slug}/{content.slug}-{image.slot}"
    is_ours = batch.ask.generated_by.startswith(AIConnection.Kind.SAMPLE)
    store = store_drawing if is_ours else store_picture
    return DrawnImage(
        image_id=image.pk,
        content_id=content.pk,
        picture=store(answer.image, name),
        generated_by=batch.ask.generated_by,
        seed=batch.ask.seed,
        call_id=batch.ask.used[-1],
    )
