"""The pictures that the offline provider answers with."""

import io
import subprocess
import sys
from itertools import combinations
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydantic import ValidationError

from igny8.writer.drawing.composition import Card
from igny8.writer.drawing.picture import corners, look
from igny8.writer.drawing.plans import PLATE_PLANS, Plan
from igny8.writer.functions.generate_images import ImageQuestion, ask_image, offline

Kind = Literal["featured", "in_article"]
KINDS: tuple[Kind, ...] = ("featured", "in_article")
SMALL = (400, 320)
TOPICS = ("Mulch", "Compost", "Seed Trays", "Drip Lines", "Garlic", "Herbs", "Slugs", "Pruning")
FRAMES = ("How to Choose {}", "{}: A Guide", "Best {} Compared", "What Is Wrong with {}?")


def question(
    title: str = "When to Plant Garlic",
    kind: Kind = "featured",
    caption: str = "",
    keyword: str = "plant garlic",
    size: tuple[int, int] = (1600, 900),
) -> ImageQuestion:
    return ImageQuestion(
        title=title,
        prompt="A calm picture",
        alt="Garlic cloves in a row",
        kind=kind,
        caption=caption,
        keyword=keyword,
        slot=KINDS.index(kind),
        width=size[0],
        height=size[1],
    )


def picture(asked: ImageQuestion) -> Image.Image:
    return Image.open(io.BytesIO(offline(asked).image))


def difference(one: Image.Image, two: Image.Image) -> float:
    """Mean distance of two small RGB pictures, 0..255."""
    pairs = zip(one.tobytes(), two.tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / len(one.tobytes())


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_webp_of_the_asked_size_and_of_moderate_weight(kind: Kind) -> None:
    asked = question(kind=kind, caption="Step by step")
    drawn = picture(asked)
    assert (drawn.format, drawn.size, drawn.mode) == ("WEBP", (1600, 900), "RGB")
    assert 8_000 < len(offline(asked).image) < 120_000


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_question_gets_the_same_bytes(kind: Kind) -> None:
    asked = question(kind=kind, size=SMALL)
    assert offline(asked).image == offline(asked).image


def test_another_process_draws_the_same_bytes() -> None:
    code = (
        "import sys, django; django.setup();"
        "from igny8.writer.functions.generate_images import ImageQuestion, offline;"
        "asked = ImageQuestion.model_validate_json(sys.argv[1]);"
        "sys.stdout.buffer.write(offline(asked).image)"
    )
    asked = question(size=SMALL)
    command = [sys.executable, "-c", code, asked.model_dump_json()]
    assert subprocess.run(command, capture_output=True, check=True).stdout == offline(asked).image


def test_no_two_of_sixty_pictures_look_alike() -> None:
    titles = [frame.format(topic) for frame in FRAMES for topic in TOPICS][:30]
    asked = [question(t, kind, t, t.casefold(), (480, 320)) for t in titles for kind in KINDS]
    thumbnails = [picture(q).resize((24, 16), Image.Resampling.BOX) for q in asked]
    assert min(difference(a, b) for a, b in combinations(thumbnails, 2)) > 8


@pytest.mark.parametrize("plan", PLATE_PLANS)
def test_the_drawing_fills_its_openings_to_the_edge(plan: Plan) -> None:
    for size in ((1600, 900), (1201, 677)):
        placed = plan.placed(*size)
        left, top, right, bottom = corners(placed.art)
        for opening in placed.openings:
            x0, y0, x1, y1 = corners(opening.box)
            assert left <= x0 < x1 <= right
            assert top <= y0 < y1 <= bottom


def test_the_pictures_of_an_article_differ_in_motif_and_layout() -> None:
    looks = [look(Card("seed", "family", "An article", slot), PLATE_PLANS) for slot in range(5)]
    assert len({motif for motif, _ in looks}) == len({plan for _, plan in looks}) == 5


@pytest.mark.parametrize(
    "title", ["", "水やりの基本", "كيف تزرع الطماطم", "גינה", "Tomato 🍅", "\x00"]
)
def test_a_title_without_glyphs_gives_a_picture_of_shapes(title: str) -> None:
    assert picture(question(title, size=SMALL)).size == SMALL


@settings(max_examples=25)
@given(title=st.text(max_size=150), caption=st.text(max_size=200), kind=st.sampled_from(KINDS))
def test_any_text_gives_a_picture(title: str, caption: str, kind: Kind) -> None:
    assert picture(question(title, kind, caption, caption, SMALL)).size == SMALL


@pytest.mark.parametrize("size", [(0, 900), (1600, 100_000)])
def test_a_size_out_of_bounds_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValidationError):
        question(size=size)


def test_the_prompt_tells_an_image_model_the_rules() -> None:
    prompt = ask_image.prompt.read_text("utf-8")
    assert "{{ question.prompt }}" in prompt
    assert all(word in prompt for word in ("No text", "No logos", "No real persons"))


def test_the_answer_survives_the_wire() -> None:
    asked = question(size=SMALL)
    answer = offline(asked)
    assert ask_image.parse(ask_image.dump(answer), asked) == answer


def test_importing_the_function_does_not_load_pillow() -> None:
    code = (
        "import sys, django; django.setup();"
        "import igny8.writer.functions.generate_images;"
        "sys.exit('PIL' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
