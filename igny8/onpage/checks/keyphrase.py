"""Whether the article says what it is about, where readers and search engines look."""

from igny8.onpage.page import Page
from igny8.onpage.verdict import (
    Part,
    Place,
    Verdict,
    counted,
    good,
    improve,
    problem,
    quoted,
)
from igny8.onpage.words import sentences_of, words_of

LONGEST_KEYPHRASE, LONGEST_TOLERATED = 4, 8
LOWEST_DENSITY, HIGHEST_DENSITY, SEVERE_DENSITY = 0.5, 3.0, 4.0
SHORTEST_FOR_DENSITY = 100
LEAST_IN_HEADINGS, MOST_IN_HEADINGS = 30, 75


def introduction(page: Page) -> Verdict | None:
    if not page.keyphrase:
        return None
    advice = "Say in one of its first sentences what the article is about, with the keyphrase."
    if not page.paragraphs:
        return problem("The article has no first paragraph.", advice)
    first = page.paragraphs[0]
    place = [quoted(first.line, first.text)]
    if any(page.holds_keyphrase(sentence) for sentence in sentences_of(first.text)):
        return good("The first paragraph holds the keyphrase.")
    if page.holds_keyphrase(first.text):
        return improve(
            "The words of the keyphrase are spread over the first paragraph.", advice, place
        )
    return problem("The first paragraph does not hold the keyphrase.", advice, place)


def length(page: Page) -> Verdict:
    words, place = len(page.keyphrase), [Place(Part.KEYWORD)]
    if not words:
        advice = "Set a primary keyword: without one, most checks cannot look for anything."
        return problem("No keyphrase is set.", advice, place)
    if words <= LONGEST_KEYPHRASE:
        return good(f"The keyphrase has {counted(words, 'telling word')}.")
    message = f"The keyphrase has {words} telling words."
    advice = f"Choose one of at most {LONGEST_KEYPHRASE}; longer ones fit as secondary keywords."
    return (improve if words <= LONGEST_TOLERATED else problem)(message, advice, place)


def density(page: Page) -> Verdict | None:
    if not page.keyphrase or page.length < SHORTEST_FOR_DENSITY:
        return None
    texts = [(h.line, h.text, words_of(h.text)) for h in page.headings]
    texts += [(s.line, s.text, s.words) for s in page.sentences]
    found = [(page.count_in(words), line, text) for line, text, words in texts]
    times = sum(count for count, _, _ in found)
    share = 100 * times / page.length
    weighed = share * (0.7 + len(page.keyphrase) / 3)  # a longer phrase stands out more
    message = f"The keyphrase stands {counted(times, 'time')} in the text: {share:.1f} % of words."
    if weighed < LOWEST_DENSITY:
        return problem(message, "Use it where it is natural, about once in every 200 words.")
    if weighed <= HIGHEST_DENSITY:
        return good(message)
    places = [quoted(line, text) for count, line, text in found if count]
    advice = "Leave it out, or use other words for it, where nobody would miss it."
    return (problem if weighed > SEVERE_DENSITY else improve)(message, advice, places)


def description(page: Page) -> Verdict | None:
    text = page.article.meta_description
    if not page.keyphrase or not text.strip():
        return None
    times = sum(page.count_in(words_of(sentence)) for sentence in sentences_of(text))
    place = [Place(Part.META_DESCRIPTION, quote=text)]
    if not times:
        return problem(
            "The meta description does not hold the keyphrase.",
            "Use all its words in one sentence: search results show them in bold.",
            place,
        )
    if times > 2:
        return improve(
            f"The meta description holds the keyphrase {times} times.", "Once is enough.", place
        )
    return good("The meta description holds the keyphrase.")


def subheadings(page: Page) -> Verdict | None:
    if not page.keyphrase or not page.subheadings:
        return None
    about = [heading for heading in page.subheadings if _is_about(page, heading.text)]
    share = 100 * len(about) / len(page.subheadings)
    message = f"{len(about)} of {counted(len(page.subheadings), 'subheading')} name the keyphrase."
    if about and (LEAST_IN_HEADINGS <= share <= MOST_IN_HEADINGS or len(page.subheadings) == 1):
        return good(message)
    if share > MOST_IN_HEADINGS:
        places = [quoted(heading.line, heading.text) for heading in about]
        return improve(message, "Vary some of them: readers see the repetition.", places)
    advice = f"Name the subject in {LEAST_IN_HEADINGS} to {MOST_IN_HEADINGS} % of them."
    missing = [quoted(h.line, h.text) for h in page.subheadings if h not in about]
    return (improve if about else problem)(message, advice, missing)


def used_before(page: Page) -> Verdict | None:
    if not page.keyphrase:
        return None
    same = " ".join(words_of(page.article.primary_keyword))
    earlier = [o.title for o in page.article.siblings if " ".join(words_of(o.keyphrase)) == same]
    if not earlier:
        return good("No other article of the site has this keyphrase.")
    message = f"{counted(len(earlier), 'other article')} of the site: same keyphrase."
    places = [Place(Part.KEYWORD, quote=title) for title in earlier]
    advice = "Join the articles, or give one of them another keyphrase: they compete."
    return (improve if len(earlier) == 1 else problem)(message, advice, places)


def _is_about(page: Page, heading: str) -> bool:
    """More than half of the keyphrase's words."""
    wanted = set(page.keyphrase)
    return 2 * len(wanted & page.stems_of(heading)) > len(wanted)
