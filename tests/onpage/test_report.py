"""What holds for any article: numbers in bounds, no crash, nothing of ours imported."""

import subprocess
import sys
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from igny8.onpage import Article, Severity, Sibling, inspect, sketch_of
from igny8.onpage.sketch import likeness
from tests.onpage.articles import BAD, BODY, ELSEWHERE, GOOD

LANGUAGES = ("en", "de-DE", "zh", "ja", "th", "ar", "xx", "")
PIECES = (
    *("# ", "## ", "#### ", "- ", "> ", "1. ", "```", "~~~\n", "`", "    ", "|a|b|\n|-|-|\n"),
    *(
        "[x](http://[)",
        "[x](/a)",
        "![alt](/media/x.webp)",
        "<b>",
        "<https://x.y>",
        "](javascript:a)",
    ),
    *("*", "**", "_", "\\", "[[x]]", "{{ y }}", "\n", "\n\n", "\t", "&#0;", "&amp;", "[a]: /b\n"),
    *(
        "](javascript:a)",
        "Basil herbs. ",
        "中文句子。",
        "हिन्दी ",
        "\u200f",
        "\x00",
        "e.g. ",
        "5 %",
        '"@context"',
    ),
)
MARKDOWN = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=40)


@settings(max_examples=60)
@given(MARKDOWN.map("".join), st.text(max_size=20), st.sampled_from(LANGUAGES))
def test_no_markdown_crashes_it(body: str, phrase: str, language: str) -> None:
    report = inspect(
        Article(
            title=phrase,
            slug=phrase,
            body=body,
            meta_title=phrase,
            meta_description=body[:80],
            primary_keyword=phrase,
            language=language,
            site_links=(body[:20], phrase),
            siblings=(Sibling(title=phrase, keyphrase=phrase, sketch=sketch_of(body)),),
        )
    )
    numbers = (report.on_page, report.readability, report.integrity)
    assert all(number is None or 0 <= number <= 100 for number in numbers)
    lines = body.count("\n") + body.count("\r") + 1
    assert all(0 <= p.line <= lines for one in report.findings for p in one.places)


@pytest.mark.parametrize("half", ["\ud800", "\udfff text"])
def test_half_characters_do_not_crash_it(half: str) -> None:
    inspect(Article(title=half, slug=half, body=half * 30, primary_keyword=half))


@pytest.mark.parametrize(
    "piece", ["[", "[a](", "*a", "`", "<a ", "{{", "> ", ". ", ".", "…", "e.g. "]
)
def test_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    begun = time.process_time()
    inspect(Article(title="", slug="", body=piece * (20_000 // len(piece)), primary_keyword="a"))
    assert time.process_time() - begun < 2


def test_the_good_article_has_full_numbers_and_nothing_to_look_at() -> None:
    report = inspect(GOOD)
    assert (report.on_page, report.readability, report.integrity) == (100, 100, 100)
    assert report.to_look_at == []
    assert report.passed == len(report.findings) == 31


def test_each_number_falls_with_its_own_checks_alone() -> None:
    report = inspect(BAD["leakage"])
    assert (report.on_page, report.readability) == (100, 100)
    assert report.integrity is not None
    assert report.integrity < 100


def test_what_is_worst_is_looked_at_first() -> None:
    worst = [one.severity for one in inspect(replace(GOOD, meta_title="", slug="x_y")).to_look_at]
    assert worst == sorted(worst, key=[Severity.PROBLEM, Severity.IMPROVE].index)
    assert worst[0] is Severity.PROBLEM


def test_nothing_said_about_nothing() -> None:
    report = inspect(Article(title="", slug="", body=""))
    assert report.readability is None
    assert report.word_count == 0


def test_likeness_is_exact_for_short_texts_and_close_for_long_ones() -> None:
    assert likeness(sketch_of(BODY), sketch_of(BODY)) == 1
    assert likeness(sketch_of(BODY), sketch_of(ELSEWHERE)) == 0
    many = [f"Sentence {n} says {n * 7} and {n * 11} things." for n in range(600)]
    half = likeness(sketch_of(" ".join(many)), sketch_of(" ".join(many[:300])))
    assert half == pytest.approx(0.5, abs=0.1)


def test_neither_django_nor_anything_else_of_ours_comes_with_it() -> None:
    program = (
        "import sys, igny8.onpage;"
        "print(*{name.split('.')[1] for name in sys.modules if name.startswith('igny8.')},"
        "'django' in sys.modules, 'markdown_it' in sys.modules)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert shown.stdout.split() == ["onpage", "False", "False"]
