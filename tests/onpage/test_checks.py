from dataclasses import replace

import pytest

from igny8.onpage import CHECKS, Article, Finding, Part, Picture, Severity, inspect
from igny8.onpage.words import sentences_of
from tests.onpage.articles import BAD, GOOD, with_body, with_more

CODES = [check.code for check in CHECKS]


def finding(article: Article, code: str) -> Finding:
    return next(one for one in inspect(article).findings if one.code == code)


def test_there_are_31_checks_and_each_has_a_name_of_its_own() -> None:
    assert len(CHECKS) == len(set(CODES)) == len({check.title for check in CHECKS}) == 31
    assert set(BAD) == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_good_article_passes(code: str) -> None:
    found = finding(GOOD, code)
    assert found.severity is Severity.GOOD, found.message
    assert (found.advice, found.places) == ("", ())


@pytest.mark.parametrize("code", CODES)
def test_a_bad_article_is_told_what_to_do(code: str) -> None:
    found = finding(BAD[code], code)
    assert found.severity is not Severity.GOOD, found.message
    assert found.advice.endswith(".")
    assert found.message.endswith(".")


def test_a_finding_names_the_line_and_what_stands_there() -> None:
    found = finding(BAD["unsupported_claims"], "unsupported_claims")
    (place,) = found.places
    assert place.part is Part.BODY
    assert place.quote == "Studies show that 80 % of all pots are dirty."
    lines = BAD["unsupported_claims"].body.splitlines()
    assert lines[place.line - 1] == place.quote


def test_a_claim_with_its_source_in_the_same_paragraph_is_supported() -> None:
    article = with_more("[Studies](https://example.org/s) show that 80 % of all pots are dirty.")
    assert finding(article, "unsupported_claims").severity is Severity.GOOD


def test_the_keyphrase_is_found_in_singular_and_plural() -> None:
    article = replace(GOOD, primary_keyword="moka pots cleaning")
    assert finding(article, "keyphrase_in_introduction").severity is Severity.GOOD


def test_without_a_keyphrase_only_its_absence_is_a_finding() -> None:
    codes = {one.code for one in inspect(replace(GOOD, primary_keyword="")).findings}
    assert {code for code in codes if code.startswith("keyphrase")} == {"keyphrase_length"}


@pytest.mark.parametrize(
    ("language", "body"),
    [
        (
            "de-DE",
            "Die Kanne wird mit Wasser gespült, und danach ist der Kaffee wieder gut. ",
        ),
        ("ru", "Кофейник нужно мыть холодной водой, и тогда кофе снова будет вкусным. "),
        ("ja", "コーヒーポットは冷たい水で洗います。そうすればコーヒーはまた美味しくなります。"),
        ("ar", "اغسل إبريق القهوة بالماء البارد ثم اتركه يجف في الهواء. "),
    ],
)
def test_other_languages_are_known_and_told_from_english(language: str, body: str) -> None:
    article = replace(with_body(body * 5), language=language)
    assert finding(article, "language").severity is Severity.GOOD
    assert finding(replace(article, language="en"), "language").severity is Severity.PROBLEM
    codes = {one.code for one in inspect(article).findings}
    assert not codes & {"passive_voice", "transition_words"}


def test_words_of_scripts_without_spaces_are_counted() -> None:
    article = replace(with_body("咖啡" * 400), language="zh")
    assert inspect(article).word_count == 400


def test_an_address_may_write_umlauts_either_way() -> None:
    for slug in ("grüner-tee", "gruener-tee", "gruner-tee"):
        article = replace(GOOD, language="de", primary_keyword="Grüner Tee", slug=slug)
        assert finding(article, "keyphrase_in_slug").severity is Severity.GOOD


def test_five_pictures_and_more_need_the_keyphrase_in_some_alt_texts() -> None:
    def pictured(about: int, others: int) -> Severity:
        alts = ["Moka pot cleaning at home"] * about + ["A cup on a table"] * others
        article = replace(GOOD, images=tuple(map(Picture, alts)))
        return finding(article, "alt_texts").severity

    assert [pictured(2, 4), pictured(1, 5), pictured(6, 0)] == [
        Severity.GOOD,
        Severity.IMPROVE,
        Severity.IMPROVE,
    ]


def test_code_is_neither_counted_nor_read() -> None:
    code = "```\nAs an AI language model <b> [[here]] 80 %\n```"
    assert inspect(with_more(code)).to_look_at == []
    assert inspect(with_more(code)).word_count == inspect(GOOD).word_count


def test_structured_data_must_be_readable() -> None:
    whole = '```json\n{"@context": "https://schema.org"}\n```'
    assert finding(with_more(whole), "markup").severity is Severity.GOOD
    assert finding(with_more(whole.replace("}", "")), "markup").severity is Severity.PROBLEM


def test_an_escaped_tag_is_text() -> None:
    assert finding(with_more(r"Write \<b\> for bold."), "markup").severity is Severity.GOOD


@pytest.mark.parametrize(
    "text", ["Dr. Smith drinks tea, e.g. a cup of it.", "It costs 3.50 in all."]
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert list(sentences_of(text)) == [text]
