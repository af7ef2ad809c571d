"""What a model's text has to be before it becomes a part of an article."""

import time
from contextlib import suppress

import pytest
from pydantic import ValidationError

from igny8.writer.brief import Brief
from igny8.writer.composing import word_count
from igny8.writer.functions.write_introduction import IntroductionQuestion, ask_introduction
from igny8.writer.prose import Prose
from igny8.writer.rendering import html_of

NEXT = "\n\n## The next section\n\nIts text."


@pytest.mark.parametrize(
    "text",
    [
        "# One",
        "## Two",
        "   ## Two",
        "One\n===",
        "Two\n---\n\nText.",
        "Text\nof two lines\n---",
        "> ## Quoted",
    ],
)
def test_no_heading_of_ours_is_in_it_however_it_is_written(text: str) -> None:
    with pytest.raises(ValidationError, match="set by us"):
        Prose(text=text)


@pytest.mark.parametrize(
    "text",
    [
        "### Three\n\nText.",
        "Text.\n\n---\n\nMore text.",
        "```sh\n# a comment\n```",
        "~~~sh\n# a comment, and <b> in code\n~~~",
        "Text:\n\n    # a comment",
        "Number #1 of # signs",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert Prose(text=text).text == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "Run this:\n\n```sh\nmake setup",
        "Run this:\n\n~~~\nmake setup",
        "```sh\na\n```\n\n````md\n```\nb\n```",
    ],
)
def test_a_fence_left_open_swallows_nothing_that_follows(text: str) -> None:
    html = html_of(Prose(text=text).text + NEXT)

    assert "<h2>The next section</h2>" in html
    assert html.count("<pre>") == text.count("sh\n") + text.count("~~~") + text.count("````")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("```markdown\nSun and water.\n```", "Sun and water."),
        ("```\nSun and water.\n```", "Sun and water."),
        ("```markdown\nSun and water. It never ended", "Sun and water. It never ended"),
        ("```md\nRun:\n\n```sh\na\n```\n\nDone.\n```", "Run:\n\n```sh\na\n```\n\nDone."),
    ],
)
def test_a_fence_around_all_of_it_is_taken_off(raw: str, text: str) -> None:
    assert Prose(text=raw).text == text


def test_blocks_of_code_first_and_last_are_no_fence_around_all_of_it() -> None:
    text = "```\nfirst\n```\n\nBetween them.\n\n```\nlast\n```"

    assert Prose(text=text).text == text


def test_characters_that_nobody_sees_or_that_turn_the_text_around_are_taken_out() -> None:
    raw = "\ufeffSun\x00 and\u200b wa\u202eter.\r\nMore\x07 of\ud83c it.\u2028End."

    assert Prose(text=raw).text == "Sun and water.\nMore of it.\nEnd."


def test_characters_that_join_letters_stay() -> None:
    for text in ("می‌خواهم", "👩‍🌾 grows", "क्‍ष"):
        assert Prose(text=text).text == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Basil doesn't like cold water.", 5),
        ("See [watering](/how-to-water-it/).", 2),
        ("水をやるのは朝がよい。", 5),
        ("บ้าน", 1),
    ],
)
def test_words_are_counted_as_the_checks_count_them(text: str, words: int) -> None:
    assert word_count(text) == words


@pytest.mark.parametrize("loop", ["[", "![", "[a](", "[a][", '[x](l7 "', "<!--", "`", "*", "."])
def test_a_model_that_repeats_itself_without_end_stops_nobody(loop: str) -> None:
    """Of a long row of brackets each one's end was looked for: a minute, in which nothing ran."""
    brief = Brief(title="t", angle="", primary_keyword="k")
    question = IntroductionQuestion(brief=brief, words=60)
    begun = time.process_time()

    for length in (30_000, 2_000_000):
        raw = (loop * (length // len(loop))).encode()
        with suppress(ValidationError):
            ask_introduction.parse(raw, question)

    assert time.process_time() - begun < 5
