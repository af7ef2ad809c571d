import itertools
import json
from typing import Any

import pytest
from pydantic import ValidationError

from igny8.writer.functions.generate_image_prompts import (
    ArticleSection,
    ImagePlan,
    ImagePlanQuestion,
    ask_image_plan,
)
from tests.writer.sample.herb_articles import herb_articles

SECTIONS = tuple(
    ArticleSection(id=f"s{number}", heading=heading)
    for number, heading in enumerate(
        (
            "The basics of basil",
            "The steps, in order",
            "Common mistakes with basil",
            "What to take away",
        ),
        start=1,
    )
)
ASKED = ImagePlanQuestion(
    title="Basil: Where to Start", keyword="basil", sections=SECTIONS, count=2, style="watercolour"
)


def plan_of(question: ImagePlanQuestion) -> ImagePlan:
    return ask_image_plan.parse(ask_image_plan.dump(ask_image_plan.offline(question)), question)


def test_the_plan_has_the_images_asked_for_each_at_a_section_of_its_own() -> None:
    for article in herb_articles():
        headings = [section.heading for section in article.brief.outline]
        sections = tuple(ArticleSection(id=f"s{n}", heading=h) for n, h in enumerate(headings))
        question = ImagePlanQuestion(
            title=article.brief.title,
            keyword=article.brief.primary_keyword,
            sections=sections,
            count=3,
        )
        anchors = [int(image.anchor[1:]) for image in plan_of(question).in_article]
        assert len(anchors) == 3
        assert all(later - earlier > 1 for earlier, later in itertools.pairwise(anchors))


@pytest.mark.parametrize("count", range(9))
@pytest.mark.parametrize("heading", ["Same heading", "🌿", "<b>", "h" * 300, "{{ x }}"])
def test_any_headings_give_a_valid_plan(count: int, heading: str) -> None:
    sections = tuple(ArticleSection(id=f"s{n}", heading=heading) for n in range(count + 1))
    question = ImagePlanQuestion(
        title=heading, keyword=heading, sections=sections, count=count, style=heading
    )

    assert len(plan_of(question).in_article) == count
    assert plan_of(question) == plan_of(question)


def test_prompts_name_the_style_and_ask_for_no_text() -> None:
    plan = plan_of(ASKED)

    for image in (plan.featured, *plan.in_article):
        assert "Style: watercolour." in image.prompt
        assert "No text, letters, logos, brands or recognisable persons." in image.prompt
    assert plan.featured.style == "watercolour"


def image(anchor: str = "s1", alt: str = "A pot of basil on a windowsill") -> dict[str, Any]:
    return {"anchor": anchor, "alt": alt, "prompt": "A pot of basil in soft light, " * 3}


def test_at_most_half_of_the_alt_texts_repeat_the_keyword() -> None:
    sections = tuple(ArticleSection(id=f"s{n}", heading=f"More about basil {n}") for n in range(9))
    question = ASKED.model_copy(update={"count": 4, "sections": sections})

    alts = [picture.alt.casefold() for picture in plan_of(question).in_article]

    assert sum("basil" in alt for alt in alts) == 2


@pytest.mark.parametrize(
    ("images", "complaint"),
    [
        ([image()], "2 images in the article were asked for, 1 came"),
        ([image(), image("s9", "A second pot of basil")], "no section has the id 's9'"),
        ([image(), image("s1", "A second pot of basil")], "section s1 has two images"),
        ([image(), image("s2")], "two images have the same alt text"),
        ([image(alt="Image of a pot of basil")], "describe what is seen"),
    ],
)
def test_a_bad_plan_is_refused_with_a_clear_message(
    images: list[dict[str, Any]], complaint: str
) -> None:
    featured = json.loads(plan_of(ASKED).featured.model_dump_json())
    raw = json.dumps({"featured": featured, "in_article": images}).encode()

    with pytest.raises(ValidationError, match=complaint):
        ask_image_plan.parse(raw, ASKED)
