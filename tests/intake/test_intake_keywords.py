"""The keyword: what two spellings share, and what is none."""

from contextlib import suppress
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8.intake import normalise
from igny8.intake.intents import read_intents
from igny8.intake.keywords import Unusable, clean


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Herb Garden ", "herb garden"),
        ("herb\u00a0 garden", "herb garden"),
        ("ＨＥＲＢ garden", "herb garden"),
        ("STRASSE", "straße"),
        ("cafe\u0301", "café"),
        ("herb\u200b garden", "herb garden"),
        ("\ufeffherb garden", "herb garden"),
        ("ΚΉΠΟΣ", "κήπος"),
    ],
)
def test_spellings_of_one_keyword_are_normalised_alike(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_different_keywords_stay_different() -> None:
    assert normalise("résumé") != normalise("resume")
    assert normalise("c++") != normalise("c")


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_normalising_is_idempotent_for_every_character() -> None:
    scripts = (range(0x3400), range(0xA000, 0xAC00), range(0xF900, 0x1FB00))
    odd = [
        character
        for character in map(chr, chain(*scripts))
        if normalise(once := normalise(f"a{character}b")) != once
    ]
    assert odd == []


@given(st.text(alphabet=st.characters(max_codepoint=0x17F), max_size=300))
def test_a_cell_is_cleaned_to_the_keyword_and_its_normal_form_or_refused(cell: str) -> None:
    with suppress(Unusable):
        keyword, normalised = clean(cell)
        assert normalised == normalise(cell) == normalise(keyword)
        assert keyword == " ".join(keyword.split())


def test_the_shown_keyword_keeps_its_capitals_and_its_markup() -> None:
    assert clean("  Herb   Garden ")[0] == "Herb Garden"
    assert clean("<b onmouseover=alert(1)>Basil</b>")[0] == "<b onmouseover=alert(1)>Basil</b>"
    assert clean("=cmd|'/C calc'!A0")[0] == "=cmd|'/C calc'!A0"


@pytest.mark.parametrize("cell", ["", "  ", "\u200b", "\ufeff \u00a0"])
def test_a_cell_with_nothing_visible_is_empty(cell: str) -> None:
    with pytest.raises(Unusable, match="is empty"):
        clean(cell)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("k" * 256, "256 characters long"),
        ("ﷺ" * 20, "20 characters long"),
        ("***", "neither letters nor digits"),
        ("🌿🌿", "neither letters nor digits"),
        ("herb\0garden", "NUL"),
        ("herb\ngarden", "line break"),
        ("herb\ufffdgarden", "could not be decoded"),
        ("herb\x07garden", "control character"),
        ("herb\ud800garden", "control character"),
    ],
)
def test_what_is_no_keyword_is_refused_with_the_reason(cell: str, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        clean(cell)


@pytest.mark.parametrize(
    "keyword", ["k" * 255, "盆栽", "سبزی خوردن", "c++", "4k", "तुलसी", "🌿 herbs"]
)
def test_keywords_of_every_script_are_kept(keyword: str) -> None:
    assert clean(keyword)[0] == keyword


@pytest.mark.parametrize(
    ("cell", "intents"),
    [
        ("Informational,Commercial,Non-branded,Non-local", ("informational", "commercial")),
        ("Branded,Local", ()),
        ("1,0", ("informational", "commercial")),
        ("2", ("navigational",)),
        ("3", ("transactional",)),
        ("I", ("informational",)),
        ("C/T", ("commercial", "transactional")),
        ("N", ("navigational",)),
        ("Informational intent", ("informational",)),
        ("['informational', 'commercial']", ("informational", "commercial")),
        ("informational,Informational", ("informational",)),
        ("", ()),
        ("high", ()),
    ],
)
def test_intents_are_our_four_words(cell: str, intents: tuple[str, ...]) -> None:
    assert read_intents(cell) == intents
