"""How the article is built: its length, pictures, links and headings."""

from itertools import pairwise

from igny8.onpage.markdown import Link
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
from igny8.onpage.words import content_words

SHORTEST_TEXT, SHORTEST_TOLERATED = 300, 200
LEAST_OF_TARGET, MOST_OF_TARGET = 85, 125
MANY_IMAGES = 5
LEAST_ALTS, MOST_ALTS = 30, 75


def text_length(page: Page) -> Verdict:
    message = f"The text has {counted(page.length, 'word')}."
    if page.length < SHORTEST_TEXT:
        advice = f"Write at least {SHORTEST_TEXT}, and as many as the subject needs."
        return (improve if page.length >= SHORTEST_TOLERATED else problem)(message, advice)
    target = page.article.target_words
    share = 100 * page.length / target if target else 100
    if LEAST_OF_TARGET <= share <= MOST_OF_TARGET:
        return good(message)
    message = f"The text has {page.length:,} words; {target:,} were planned."
    if share < LEAST_OF_TARGET:
        return improve(message, "Look at the outline for what is missing; never pad.")
    return improve(message, "Look for what can go, or for a second article in it.")


def images(page: Page) -> Verdict:
    planned = len(page.article.images)
    missing = sum(1 for picture in page.article.images if not picture.is_ready)
    place = [Place(Part.IMAGES)]
    if missing:
        message = f"{missing} of {counted(planned, 'image')} missing."
        return improve(message, "Have them made again, or go on without them.", place)
    if not page.alts:
        return improve("The article has no image.", "Add one that shows something.", place)
    return good(f"The article has {counted(len(page.alts), 'image')}.")


def alt_texts(page: Page) -> Verdict | None:
    if not page.alts:
        return None
    place = [Place(Part.IMAGES)]
    if empty := sum(1 for alt in page.alts if not alt.strip()):
        message = f"{empty} of {counted(len(page.alts), 'image')} without alt text."
        return problem(message, "Say what is seen, for those who cannot see it.", place)
    if not page.keyphrase:
        return good("Every image has an alt text.")
    about = sum(1 for alt in page.alts if page.holds_keyphrase(alt))
    share = 100 * about / len(page.alts)
    message = f"{about} of {counted(len(page.alts), 'alt text')} hold the keyphrase."
    if not about or (len(page.alts) >= MANY_IMAGES and share < LEAST_ALTS):
        return improve(message, "Name the subject where it is seen in the image.", place)
    if len(page.alts) >= MANY_IMAGES and share > MOST_ALTS:
        return improve(message, "Describe what is seen; not each image needs it.", place)
    return good(message)


def outbound_links(page: Page) -> Verdict:
    links = [link for link in page.links if page.is_outbound(link)]
    if links:
        return good(f"The article links to {counted(len(links), 'page')} of other sites.")
    return improve("No link leads to another site.", "Link to a source that readers can check.")


def internal_links(page: Page) -> Verdict:
    links = [link for link in page.links if page.is_internal(link)]
    if not links:
        advice = "Link to an article of the site that goes on from here."
        return improve("No link leads to another page of the site.", advice)
    if unknown := [link for link in links if not page.is_known(link)]:
        message = f"{counted(len(unknown), 'link')} to no page of the site that is known."
        advice = "Correct the address, or take the link out."
        return problem(message, advice, map(_place_of, unknown))
    return good(f"The article links to {counted(len(links), 'page')} of the site.")


def competing_links(page: Page) -> Verdict | None:
    if not page.keyphrase or not page.links:
        return None
    wanted = set(page.keyphrase)
    competing = [
        link for link in page.links if set(content_words(link.text, page.language)) == wanted
    ]
    if not competing:
        return good("No link has the keyphrase as its text.")
    message = f"{counted(len(competing), 'link')} with the keyphrase as text."
    advice = "Use other words: the link says that another page answers this search better."
    return improve(message, advice, map(_place_of, competing))


def single_title(page: Page) -> Verdict:
    titles = [heading for heading in page.headings if heading.level == 1]
    if not titles:
        return good("The title is the only heading of level 1.")
    message = f"{counted(len(titles), 'heading')} of level 1 in the text."
    advice = "Use level 2 (##): the title is the page's only heading of level 1."
    return problem(message, advice, (quoted(h.line, h.text) for h in titles))


def heading_order(page: Page) -> Verdict | None:
    if not page.headings:
        return None
    levels = [(1, 0, ""), *((h.level, h.line, h.text) for h in page.headings)]
    skipped = [b for a, b in pairwise(levels) if b[0] > a[0] + 1]
    if not skipped:
        return good("No heading level is skipped.")
    message = f"{counted(len(skipped), 'heading')} a level too deep."
    advice = "Go down one level at a time: those who listen to a page rely on it."
    return improve(message, advice, (quoted(line, text) for _, line, text in skipped))


def _place_of(link: Link) -> Place:
    return quoted(link.line, f"{link.text} → {link.address}")
