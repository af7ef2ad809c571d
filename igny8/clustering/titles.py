"""Keywords in title case, as a person would write them above a list."""

from __future__ import annotations

LONGEST = 100
_SMALL_BY_LANGUAGE = {
    "en": "a an and as at but by for from in into near of on or per than the to via vs with "
    "without",
    "de": "am auf aus bei beim das dem den der des ein eine für im ist mit nach oder und vom "
    "von vor zu zum zur",
    "romance": "au aux avec con da dans de dei del della delle di du e el em en entre es est et il "
    "la le les o ou para par pas por pour sans sur un una une uno y",
    "nl": "aan een het naar om op te uit voor zonder",
}
_SMALL = frozenset(" ".join(_SMALL_BY_LANGUAGE.values()).split())
_ABBREVIATIONS = (
    "ai api b2b b2c bmw cbd ceo cms cpa cpc cpu crm css csv ctr dhl diy dna dvd erp eu faq gdpr "
    "gps gpu hdmi hgv hiit hoa hr html http hvac ibm iot ip iso kpi lcd led llc mba mri nas nba "
    "nfl nft oled pc pdf php pr qr ram roi rss rv saas seo serp sms sql ssd ssl suv swot tv uk "
    "url usa usb ux vat vpn vps xml"
)
_CAPITALS = frozenset(_ABBREVIATIONS.split())


def title(text: str) -> str:
    """Title case: chosen capitals and small words stay, known abbreviations are written large."""
    written = (text.lower() if text.isupper() else text).split()
    last = len(written) - 1
    return _cut(" ".join(_cased(word, 0 < at < last) for at, word in enumerate(written)))


def _cased(word: str, inside: bool) -> str:
    if any(letter.isupper() for letter in word[1:]):
        return word
    plain = word.lower()
    if plain in _CAPITALS:
        return plain.upper()
    if (inside and plain in _SMALL) or plain == "vs":
        return plain
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST - 1].rsplit(" ", 1)[0].rstrip() + "…"
