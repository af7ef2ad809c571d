import itertools
import re

import pytest
from markdown_it import MarkdownIt

from igny8.planner.sample.draw import CHOICE, bank, slots
from igny8.planner.sample.roles import Role
from igny8.writer.brief import Brief, Heading
from igny8.writer.prose import Prose
from igny8.writer.sample.draft import BANK, NOTE, STRIDES, draft_section
from tests.writer.sample.herb_articles import herb_articles, herb_briefs, written

WRITER_SLOTS = {"quoted", "about", "topic", "second"}
VERB = r"(?:is|are|was|were|has|have|does|do)"
NOUN = r"\{(?:topic|about)\}"
AGREEING = re.compile(
    rf"(?:^|[.?!] |\b(?:if|when|once|whether|that|why|how) ){NOUN} {VERB}\b|\b{VERB} {NOUN}",
    re.IGNORECASE,
)
HARD = (
    "🌿 herbs",
    "w" * 120,
    'the "real" basil',
    "базилик на подоконнике",
    "室内香草花园",
    "<b>bold</b> <script>alert(1)</script>",
    "{{ question }} {% x %}",
    "a|b ~~c~~",
    "*stars* __under__ `code` [link](http://x) ![i](y)",
    "&amp; &lt;i&gt;",
)


def five_grams(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return [tuple(words[start : start + 5]) for start in range(len(words) - 4)]


def hard_brief(keyword: str) -> Brief:
    headings = ("The basics", "What to know about it", "Common mistakes")
    return Brief(
        title=keyword,
        angle=keyword,
        primary_keyword=keyword,
        secondary_keywords=(keyword, f"why {keyword}"),
        outline=tuple(Heading(heading=heading, points=(keyword,)) for heading in headings),
    )


def test_an_article_has_at_least_500_words_and_comes_near_its_target() -> None:
    for article in herb_articles():
        words = len(article.markdown.split())
        assert words >= 500
        assert 0.85 <= words / article.brief.target_words <= 1.25, article.brief.title


def test_an_article_does_not_repeat_itself() -> None:
    for article in herb_articles():
        grams = five_grams(article.markdown)
        assert len(set(grams)) / len(grams) >= 0.90, article.brief.title


def test_two_articles_share_little() -> None:
    grams = [set(five_grams(article.markdown)) for article in herb_articles()]
    shared = [len(one & two) / len(one | two) for one, two in itertools.combinations(grams, 2)]

    assert len(grams) == 40
    assert max(shared) <= 0.13
    assert sum(shared) / len(shared) <= 0.05


def test_the_first_line_says_where_the_text_comes_from() -> None:
    for article in herb_articles():
        assert article.markdown.split("\n\n")[1].startswith(f"*{NOTE}")


def test_every_section_says_what_it_must_answer_and_what_to_verify() -> None:
    for article in herb_articles():
        sections = article.markdown.split("\n\n## ")[1:]
        assert len(sections) == len(article.brief.outline)
        for section in sections:
            assert re.search(
                r"\*\*(This section must answer|The question here|Must answer):", section
            )
            assert "**Verify before publishing:** " in section
            assert "\n- " in section


def test_only_the_keywords_of_the_brief_bring_numbers_into_the_text() -> None:
    for article in herb_articles():
        assert not re.search(r"\d", article.markdown), article.brief.title


def test_the_same_brief_gets_the_same_article() -> None:
    again = Brief.model_validate_json(herb_briefs()[3].model_dump_json())

    assert written(again) == written(herb_briefs()[3])


@pytest.mark.parametrize("keyword", HARD)
def test_any_keyword_shows_as_it_was_typed(keyword: str) -> None:
    html = MarkdownIt("commonmark", {"html": False}).render(written(hard_brief(keyword)).markdown)

    assert "<script" not in html
    assert not re.search(r"<(?:b|a|img|code|del|i)[ >]", html)
    escaped = keyword.replace("&", "&amp;").replace('"', "&quot;")
    escaped = escaped.replace("<", "").replace(">", "")
    assert escaped in html


@pytest.mark.parametrize("keyword", HARD)
def test_no_template_marks_or_shortcodes_survive_unescaped(keyword: str) -> None:
    text = draft_section(hard_brief(keyword), 2, 150)

    assert "{{" not in text
    assert not re.search(r"(?<!\\)[\[\]<>|]", text)


def test_another_language_is_said_in_the_note() -> None:
    brief = hard_brief("базилик").model_copy(update={"language": "ru"})

    note = written(brief).markdown.split("\n\n")[1]

    assert "planned in another language (ru)" in note


def test_sections_of_the_same_role_share_no_sentence() -> None:
    headings = tuple(Heading(heading=f"Herb {number}") for number in "ABC")
    brief = hard_brief("basil").model_copy(update={"outline": headings})
    texts = [draft_section(brief, number, 200) for number in (1, 2, 3)]
    sentences = [set(re.split(r"(?<=[.?!]) ", text)) for text in texts]

    assert all(not one & two for one, two in itertools.combinations(sentences, 2))


def test_a_brief_without_related_keywords_can_have_any_heading() -> None:
    brief = hard_brief("basil").model_copy(update={"secondary_keywords": ()})

    for number in range(1, len(brief.outline) + 1):
        assert "**Verify before publishing:**" in draft_section(brief, number, 150)


@pytest.mark.parametrize("sections", [1, 2, 3, 12])
def test_any_outline_gives_at_least_500_words(sections: int) -> None:
    headings = tuple(Heading(heading=f"Herb number {number}") for number in range(sections))
    brief = hard_brief("basil").model_copy(update={"outline": headings, "target_words": 500})

    assert len(written(brief).markdown.split()) >= 500


@pytest.mark.parametrize("role", Role)
def test_the_bank_of_a_role_is_complete_and_keeps_the_rules_of_grammar(role: Role) -> None:
    phrases = bank(BANK / f"{role}.txt")

    assert phrases.keys() == STRIDES.keys()
    for part, patterns in phrases.items():
        assert len(set(patterns)) == len(patterns)
        assert sum(slots(pattern) <= {"quoted", "about", "second"} for pattern in patterns) >= 3, (
            part
        )
        for pattern in patterns:
            assert slots(pattern) <= WRITER_SLOTS, pattern
            assert not AGREEING.search(pattern), pattern
            assert not set("[]") & set(CHOICE.sub("", pattern)), pattern


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("# Title\n\nText", "headings of level 1 and 2 are set by us"),
        ("Text\n\n## Part", "headings of level 1 and 2 are set by us"),
        ("Some <b>bold</b> text", "raw HTML is not allowed: <b>"),
        ("", "at least 1 character"),
    ],
)
def test_text_that_breaks_the_rules_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Prose(text=text)


def test_code_links_and_smaller_headings_are_allowed() -> None:
    assert Prose(text="### Part\n\n`<b>` and <https://example.org> and 3 < 4\n\n```\n# x\n```").text
