"""How easily the text reads."""

from collections.abc import Callable, Iterator
from itertools import groupby

from igny8.onpage import english
from igny8.onpage.markdown import Block, Kind
from igny8.onpage.page import Page, Sentence
from igny8.onpage.verdict import Verdict, counted, good, improve, problem, quoted
from igny8.onpage.words import word_count, words_of

LONGEST_STRETCH, STRETCH_TOLERATED = 300, 350
LONGEST_PARAGRAPH, PARAGRAPH_TOLERATED = 150, 200
LONGEST_SENTENCE = 20
MOST_LONG_SENTENCES, LONG_SENTENCES_TOLERATED = 25, 30
MOST_PASSIVE, PASSIVE_TOLERATED = 10, 15
LEAST_CONNECTED, CONNECTED_TOLERATED = 30, 20
SHORTEST_FOR_CONNECTIONS = 200
MOST_SAME_STARTS = 2
# Starts that say nothing yet: the word after them counts, too.
ARTICLES = {
    "en": {"the", "a", "an", "this", "that", "these", "those", "one", "two", "three"},
    "de": {"der", "die", "das", "ein", "eine", "dieser", "diese", "dieses"},
    "fr": {"le", "la", "les", "un", "une", "ce", "cette", "ces"},
    "es": {"el", "la", "los", "las", "un", "una", "este", "esta"},
    "it": {"il", "lo", "la", "gli", "le", "i", "un", "una", "questo", "questa"},
    "nl": {"de", "het", "een", "deze", "dit"},
    "pt": {"o", "a", "os", "as", "um", "uma", "este", "esta"},
}


def subheading_distribution(page: Page) -> Verdict | None:
    if not page.length:
        return None
    if page.length <= LONGEST_STRETCH:
        return good("The text is short enough to do without subheadings.")
    stretches = [(words, block) for words, block in _stretches(page) if words > LONGEST_STRETCH]
    if not stretches:
        return good("No stretch of text is long without a subheading.")
    longest = max(words for words, _ in stretches)
    message = f"{counted(len(stretches), 'stretch', 'stretches')} of up to {longest} words."
    advice = f"Put a subheading in before {LONGEST_STRETCH} words have passed."
    places = [quoted(block.line, block.text) for _, block in stretches]
    return (improve if longest <= STRETCH_TOLERATED else problem)(message, advice, places)


def paragraph_length(page: Page) -> Verdict | None:
    if not page.paragraphs:
        return None
    sized = [(word_count(words_of(block.text)), block) for block in page.paragraphs]
    long = [(words, block) for words, block in sized if words > LONGEST_PARAGRAPH]
    if not long:
        return good(f"No paragraph has more than {LONGEST_PARAGRAPH} words.")
    longest = max(words for words, _ in long)
    message = f"{counted(len(long), 'long paragraph')}, up to {longest} words."
    places = [quoted(block.line, block.text) for _, block in long]
    advice = "Make two of one where the thought turns."
    return (improve if longest <= PARAGRAPH_TOLERATED else problem)(message, advice, places)


def sentence_length(page: Page) -> Verdict | None:
    long = [s for s in page.sentences if word_count(s.words) > LONGEST_SENTENCE]
    return _at_most(
        page,
        long,
        f"of sentences have more than {LONGEST_SENTENCE} words",
        "Split the longest ones.",
        bounds=(MOST_LONG_SENTENCES, LONG_SENTENCES_TOLERATED),
    )


def passive_voice(page: Page) -> Verdict | None:
    if page.language != "en":
        return None
    passive = [s for s in page.sentences if english.is_passive(s.words)]
    return _at_most(
        page,
        passive,
        "of sentences are in the passive voice",
        "Say who does it.",
        bounds=(MOST_PASSIVE, PASSIVE_TOLERATED),
    )


def transition_words(page: Page) -> Verdict | None:
    if page.language != "en" or page.length < SHORTEST_FOR_CONNECTIONS:
        return None
    connected = sum(1 for s in page.sentences if english.is_connected(s.words))
    share = 100 * connected / max(1, len(page.sentences))
    message = f"{share:.0f} % of sentences have a transition word."
    if share >= LEAST_CONNECTED:
        return good(message)
    advice = f"Show in {LEAST_CONNECTED} % how one follows from another: because, but, then."
    return (improve if share >= CONNECTED_TOLERATED else problem)(message, advice)


def sentence_starts(page: Page) -> Verdict | None:
    if not page.sentences:
        return None
    rows = [row for row in _same_starts(page) if len(row) > MOST_SAME_STARTS]
    if not rows:
        return good("No three sentences in a row begin alike.")
    message = f"{counted(len(rows), 'time')}, three or more sentences in a row begin alike."
    places = [quoted(row[0].line, row[0].text) for row in rows]
    return improve(message, "Begin one of them differently.", places)


def _stretches(page: Page) -> Iterator[tuple[int, Block]]:
    """Words between two headings, and where they begin."""
    for is_heading, blocks in groupby(page.texts, key=lambda block: block.kind is Kind.HEADING):
        stretch = list(blocks)
        if not is_heading:
            yield sum(word_count(words_of(block.text)) for block in stretch), stretch[0]


def _at_most(
    page: Page, found: list[Sentence], what: str, advice: str, *, bounds: tuple[int, int]
) -> Verdict | None:
    """Good up to the first bound, tolerated up to the second, both in percent."""
    if not page.sentences:
        return None
    share = 100 * len(found) / len(page.sentences)
    message = f"{share:.0f} % {what}."
    if share <= bounds[0]:
        return good(message)
    worst = sorted(found, key=lambda sentence: -len(sentence.words))
    judge: Callable[..., Verdict] = improve if share <= bounds[1] else problem
    return judge(message, advice, (quoted(s.line, s.text) for s in worst))


def _same_starts(page: Page) -> Iterator[list[Sentence]]:
    """Sentences of running text; items of a list may well begin alike."""
    telling = ARTICLES.get(page.language, set())
    running = [s for s in page.sentences if s.block.kind is not Kind.ITEM]
    for _, row in groupby(running, key=lambda s: tuple(s.words[: 1 + (s.words[0] in telling)])):
        yield list(row)
