"""The keyword itself: cleaned for display, normalised for comparison."""

import re
import unicodedata

MAX_KEYWORD = 255
INVISIBLE = dict.fromkeys(
    [0x00AD, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]
)
CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_WORD = re.compile(r"[a-zA-Z0-9]")
_AS_TEXT = re.compile(r'="([^"]*)"')


class Unusable(ValueError):
    """The reason a cell cannot be a keyword."""


def normalise(keyword: str) -> str:
    """The form two spellings of one keyword share: NFKC, casefold, collapsed spaces."""
    return _folded(keyword.translate(INVISIBLE))


def _folded(visible: str) -> str:
    folded = unicodedata.normalize("NFKC", visible).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def clean(cell: str) -> tuple[str, str]:
    """The keyword as shown and as compared; raises Unusable with the reason."""
    if not (cell.isascii() and cell.isprintable()):
        return _clean_unusual(cell)
    keyword = " ".join(cell.split())
    if keyword.startswith('="'):
        keyword = unwrapped(keyword)
    if not keyword:
        raise Unusable("The keyword is empty.")
    if len(keyword) > MAX_KEYWORD:
        raise Unusable(_too_long(keyword))
    if not (keyword[0].isalnum() or _WORD.search(keyword)):
        raise Unusable(f"“{keyword}” has neither letters nor digits.")
    return keyword, keyword.lower()


def _clean_unusual(cell: str) -> tuple[str, str]:
    text = cell if cell.isprintable() else cell.strip().translate(INVISIBLE)
    if CONTROL.search(text):
        raise Unusable(_damage(text))
    keyword = unwrapped(" ".join(unicodedata.normalize("NFC", text).split()))
    normalised = _folded(keyword)
    if not normalised:
        raise Unusable("The keyword is empty.")
    if len(keyword) > MAX_KEYWORD or len(normalised) > MAX_KEYWORD:
        raise Unusable(_too_long(keyword))
    if not (normalised[0].isalnum() or any(map(str.isalnum, normalised))):
        raise Unusable(f"“{keyword}” has neither letters nor digits.")
    return keyword, normalised


def unwrapped(cell: str) -> str:
    """What a cell says that is written as ="text", so that spreadsheets leave it alone."""
    found = _AS_TEXT.fullmatch(cell)
    return found[1].strip() if found else cell


def _damage(text: str) -> str:
    if "\0" in text:
        return "The keyword holds a NUL byte."
    if "\n" in text or "\r" in text:
        return "The keyword holds a line break; is a quotation mark left open?"
    if "\ufffd" in text:
        return "The keyword holds a character that could not be decoded."
    return "The keyword holds a control character."


def _too_long(keyword: str) -> str:
    return f"“{keyword[:40]}…” is {len(keyword)} characters long; {MAX_KEYWORD} are allowed."
