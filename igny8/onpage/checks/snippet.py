"""What search results show of the article: title, description, address."""

import re
import unicodedata

from igny8.onpage.page import Page
from igny8.onpage.verdict import Part, Place, Verdict, counted, good, improve, problem
from igny8.onpage.words import words_of

SHORTEST_DESCRIPTION, LONGEST_DESCRIPTION = 121, 156
WIDEST_TITLE = 600
LONGEST_SLUG = 75
FONT_PIXELS = 20
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LATIN_WORD = re.compile(r"[a-z0-9]+")
WRITTEN_OUT = str.maketrans({"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe"})

# Thousandths of the font size, as the metrics of Helvetica have them; results are set in Arial,
# which is as wide.
_WIDTHS = {
    191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[\\]ft", 333: "()-`r", 334: "{}", 355: '"',
    389: "*", 469: "^", 500: "Jcksvxyz", 556: "#$?L_abdeghnopqu0123456789", 584: "+<=>~",
    611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%", 944: "W",
    1015: "@",
}  # fmt: skip
WIDTHS = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
OTHER_WIDTH, EAST_ASIAN_WIDTH = 556, 1000


def description_length(page: Page) -> Verdict:
    text = page.article.meta_description.strip()
    place = [Place(Part.META_DESCRIPTION, quote=text)]
    advice = f"Write {SHORTEST_DESCRIPTION} to {LONGEST_DESCRIPTION}: what the reader gets."
    if not text:
        return problem("There is no meta description.", advice, place)
    message = f"The meta description has {counted(len(text), 'character')}."
    if SHORTEST_DESCRIPTION <= len(text) <= LONGEST_DESCRIPTION:
        return good(message)
    return improve(message, advice, place)


def title_keyphrase(page: Page) -> Verdict | None:
    title = page.article.meta_title or page.article.title
    if not page.keyphrase or not title.strip():
        return None
    words, wanted = words_of(title), words_of(page.article.primary_keyword)
    at = _position(words, wanted)
    place = [Place(Part.META_TITLE, quote=title)]
    if at == 0 or (at is not None and page.are_function_words(words[:at])):
        return good("The SEO title begins with the keyphrase.")
    if at is not None:
        advice = "Move it to the beginning: results may cut the end off."
        return improve("The keyphrase stands late in the SEO title.", advice, place)
    advice = "Begin the SEO title with the exact keyphrase."
    if page.holds_keyphrase(title):
        return improve("The SEO title holds the keyphrase in other words.", advice, place)
    return problem("The SEO title does not hold the keyphrase.", advice, place)


def title_width(page: Page) -> Verdict:
    title = page.article.meta_title.strip()
    place = [Place(Part.META_TITLE, quote=title)]
    if not title:
        return problem("There is no SEO title.", "Write one of 20 to 60 characters.", place)
    pixels = width_of(title)
    message = f"The SEO title is {pixels} pixels wide."
    if pixels <= WIDEST_TITLE:
        return good(message)
    return improve(message, f"Shorten it: results cut it off at about {WIDEST_TITLE}.", place)


def slug_keyphrase(page: Page) -> Verdict | None:
    wanted_forms = [forms for forms in map(_forms, page.keyphrase) if forms]
    if not wanted_forms:
        return None
    slug_words = page.article.slug.casefold().split("-")
    slug_forms = {form for word in slug_words for form in _forms(page.stem(word))}
    found = sum(1 for forms in wanted_forms if forms & slug_forms)
    total = len(wanted_forms)
    if found == total or (total > 2 and 2 * found > total):
        return good("The address holds the keyphrase.")
    message = f"The address holds {found} of the {counted(total, 'word')} of the keyphrase."
    advice = "Use them in the address, before it is published; later it should stay."
    place = [Place(Part.SLUG, quote=page.article.slug)]
    return (improve if found else problem)(message, advice, place)


def slug_form(page: Page) -> Verdict:
    slug, place = page.article.slug, [Place(Part.SLUG, quote=page.article.slug)]
    if not SLUG.fullmatch(slug):
        return problem(
            "The address is not made of lower-case letters, digits and single hyphens.",
            "Write it like indoor-herb-garden.",
            place,
        )
    if len(slug) > LONGEST_SLUG:
        message = f"The address has {len(slug)} characters."
        return improve(message, f"Keep it to {LONGEST_SLUG}.", place)
    return good("The address is short and plain.")


def width_of(text: str) -> int:
    """Pixels in the font of search results."""
    return round(sum(map(_width, unicodedata.normalize("NFC", text))) * FONT_PIXELS / 1000)


def _width(letter: str) -> int:
    if letter in WIDTHS:
        return WIDTHS[letter]
    if unicodedata.east_asian_width(letter) in "WF":
        return EAST_ASIAN_WIDTH
    return WIDTHS.get(unicodedata.normalize("NFD", letter)[0], OTHER_WIDTH)


def _position(words: list[str], wanted: list[str]) -> int | None:
    starts = range(len(words) - len(wanted) + 1)
    return next((n for n in starts if words[n : n + len(wanted)] == wanted), None)


def _forms(word: str) -> set[str]:
    """How a word may be written in an address: without accents, or written out."""
    return {_ascii(word), _ascii(word.translate(WRITTEN_OUT))} - {""}


def _ascii(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word)
    return "".join(LATIN_WORD.findall(folded.encode("ascii", "ignore").decode().casefold()))
