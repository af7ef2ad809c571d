"""Whether the text is what it claims to be: its own, in its language, finished, supported."""

import json
import re
from collections import Counter
from collections.abc import Iterator

from igny8.onpage.language import name_of
from igny8.onpage.markdown import Block, Kind
from igny8.onpage.page import Page
from igny8.onpage.recognition import other_language, percent_in_script
from igny8.onpage.sketch import RUN_LENGTH, likeness, sketch_of
from igny8.onpage.verdict import (
    Place,
    Verdict,
    counted,
    good,
    improve,
    problem,
    quoted,
)

SHORTEST_TO_COMPARE = 50
LEAST_UNIQUE, UNIQUE_TOLERATED = 85, 70
MOST_ALIKE, ALIKE_TOLERATED = 15, 30
LEAST_IN_SCRIPT = 70

LEFT_BEHIND = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), what)
    for pattern, what in (
        (r"\bas an? (?:ai|artificial intelligence|(?:large )?language model)\b",
         "a model's remark"),
        (r"\bmy (?:training data|knowledge cut-?off)\b", "a model's remark"),
        (r"\bI (?:cannot|can't|can’t|am unable to|'m unable to) (?:fulfil|assist|help with|browse|"
         r"provide)", "a model's refusal"),
        (r"^\W*(?:certainly|sure|of course|absolutely)[!,.] here(?:'s|’s| is| are)\b",
         "a model's remark"),
        (r"^\W*here(?:'s|’s| is) (?:the|your|a) (?:rewritten|revised|requested|updated|draft)\b",
         "a model's remark"),
        (r"\b(?:als (?:ein )?KI-(?:Sprach)?modell|en tant qu['’]IA|como (?:una? )?IA\b|"
         r"como modelo de lenguaje)", "a model's remark"),
        (r"\blorem ipsum\b", "filler text"),
        (r"\bsample draft, written by a template\b", "the note of a sample draft"),
        (r"\[\[[^\]\n]{0,80}\]\]|\{\{[^}\n]{0,80}\}\}|\{%[^%\n]{0,80}%\}", "a placeholder"),
        (r"\[(?:insert|add|your|enter|placeholder|image|todo)\b[^\]\n]{0,80}\](?!\()",
         "a placeholder"),
        (r"\b(?:TODO|TBD|FIXME|XXX)\b(?-i:(?<=[A-Z]))", "a note to oneself"),
        (r"={3,} ?(?:END OF )?DATA ?={3,}|<\|[a-z_]{2,20}\|>", "a piece of a prompt"),
        (r"<\?(?:php|=)|\[/?(?:caption|gallery|embed|shortcode|vc_[a-z_]+)\b", "code of a page"),
    )
)  # fmt: skip

CLAIM = re.compile(
    r"\d[\d.,]*\s?(?:%|percent\b|per cent\b|prozent\b)|[$€£¥]\s?\d|\d\s?[$€£¥]"
    r"|\b\d[\d.,]*\s(?:million|billion|millionen|milliarden|milliards|millones)\b"
    r"|\b(?:stud(?:y|ies)|research|surveys?|experts?|scientists?|statistics|data)\s"
    r"(?:\w+\s)?(?:shows?|suggests?|finds?|found|proves?|says?|agrees?|recommends?|confirms?|"
    r"indicates?|reveals?)\b"
    r"|\baccording to (?:a|an|the|one|recent|experts|research|studies)\b"
    r"|\b(?:studien|untersuchungen|experten|forscher) (?:zeigen|belegen|empfehlen|sagen)\b"
    r"|\b(?:les études|des études|les experts|los estudios|los expertos) \w+",
    re.IGNORECASE,
)

CODE_SPAN = re.compile(r"`[^`\n]*`")
AUTO_LINK = re.compile(r"<(?:https?|mailto):[^<>\s]+>")
TAG = re.compile(r"(?<!\\)<(?:/?[a-zA-Z][^<>\n]{0,200}|!--[^\n]{0,200})>")
REFUSED_LINK = re.compile(r"\]\(\s*<?(?:javascript|vbscript|file|data):", re.IGNORECASE)
ALLOWED_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "blockquote", "hr", "br"),
    *("table", "thead", "tbody", "tr", "th", "td", "strong", "em", "a", "code", "pre", "img"),
}
ALLOWED_SCHEMES = {"", "http", "https", "mailto"}
MARKUP = re.compile(r"<[a-z][^>]*>")


def repetition(page: Page) -> Verdict | None:
    if len(page.runs) < SHORTEST_TO_COMPARE:
        return None
    counts = Counter(page.runs)
    share = 100 * len(counts) / len(page.runs)
    message = f"{share:.0f} % of runs of {RUN_LENGTH} words are unique."
    if share >= LEAST_UNIQUE:
        return good(message)
    advice = "Say each thing once: the same phrases come back."
    places = _repeated(page, counts)
    return (improve if share >= UNIQUE_TOLERATED else problem)(message, advice, places)


def near_duplicate(page: Page) -> Verdict | None:
    if len(page.runs) < SHORTEST_TO_COMPARE or not page.article.siblings:
        return None
    mine = sketch_of(page.article.body)
    alike = [(100 * likeness(mine, o.sketch), o.title) for o in page.article.siblings]
    most, title = max(alike)
    if most < MOST_ALIKE:
        return good("No other article of the site reads alike.")
    message = f"{most:.0f} % of its wording is shared with “{title}”."
    advice = "Rewrite what they share, or join them."
    return (improve if most < ALIKE_TOLERATED else problem)(message, advice)


def language(page: Page) -> Verdict | None:
    share = percent_in_script("".join(block.text for block in page.texts), page.language)
    if share is None:
        return None
    name = name_of(page.language)
    advice = f"Have it written again in {name}, or correct the site's language."
    if share < LEAST_IN_SCRIPT:
        return problem(f"{100 - share:.0f} % of letters are not of {name}'s script.", advice)
    if other := other_language(page.words, page.language):
        return problem(f"The text looks like {name_of(other)}, not {name}.", advice)
    return good(f"The text is in {name}, as far as its words show.")


def leakage(page: Page) -> Verdict:
    text = "\n".join(block.raw for block in page.texts)
    suspects = [(pattern, what) for pattern, what in LEFT_BEHIND if pattern.search(text)]
    if not suspects:
        return good("Nothing was left behind by a model or a template.")
    return problem(
        f"Left behind in the text: {', '.join(sorted({what for _, what in suspects}))}.",
        "Take it out and read what stands around it.",
        (
            quoted(block.line, block.raw[max(0, found.start() - 20) :])
            for block in page.texts
            for pattern, _ in suspects
            if (found := pattern.search(block.raw))
        ),
    )


def unsupported_claims(page: Page) -> Verdict | None:
    if not page.sentences:
        return None
    claims = [s for s in page.sentences if not s.block.links and CLAIM.search(s.text)]
    if not claims:
        return good("No figure or study is named without a source.")
    one = "claim stands without a source"
    message = f"{counted(len(claims), one, 'claims stand without a source')}."
    advice = "Link each to its source, or take the figure out."
    return improve(message, advice, (quoted(claim.line, claim.text) for claim in claims))


def markup(page: Page) -> Verdict:
    places = [*_raw_markup(page), *_broken_data(page)]
    if not places and _passes_the_filter(page.document.html):
        return good("The text is plain Markdown.")
    return problem(
        f"{counted(max(1, len(places)), 'place')} with markup that readers will not get as meant.",
        "Write it in Markdown: raw HTML shows as text, unsafe links and broken data do not work.",
        places,
    )


def _repeated(page: Page, counts: Counter[int]) -> Iterator[Place]:
    """Sentences that hold the runs repeated most."""
    words = [(word, s) for s in page.sentences for word in s.words]
    often = [run for run, count in counts.most_common(8) if count > 1]
    for run in often:
        start = page.runs.index(run)
        text = " ".join(word for word, _ in words[start : start + RUN_LENGTH])
        yield quoted(words[start][1].line, f"{text} ({counts[run]} times)")


def _raw_markup(page: Page) -> Iterator[Place]:
    for block in page.texts:
        if "<" in block.raw or "](" in block.raw:
            text = AUTO_LINK.sub("", CODE_SPAN.sub("", block.raw))
            if found := TAG.search(text) or REFUSED_LINK.search(text):
                yield quoted(block.line, text[found.start() :])
    for link in page.links:
        if page.scheme_of(link) not in ALLOWED_SCHEMES:
            yield quoted(link.line, f"{link.text} → {link.address}")


def _broken_data(page: Page) -> Iterator[Place]:
    """Structured data for search engines that no reader of JSON can read."""
    for block in page.blocks:
        if block.kind is Kind.CODE and '"@context"' in block.text and not _is_json(block):
            yield quoted(block.line, block.text)


def _is_json(block: Block) -> bool:
    try:
        json.loads(block.text)
    except (ValueError, RecursionError):
        return False
    return True


def _passes_the_filter(html: str) -> bool:
    """Whether a filter like that of every page leaves each tag where it is."""
    import nh3

    kept = nh3.clean(html, tags=ALLOWED_TAGS)
    return len(MARKUP.findall(kept)) == len(MARKUP.findall(html))
