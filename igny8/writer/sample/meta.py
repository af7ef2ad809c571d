"""Title, description, questions and checks of an article without a model."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from igny8.planner.plain import plain, same, shortened
from igny8.planner.sample.draw import (
    bank,
    fill,
    phrase_for,
    pick,
    seed_of,
    share,
    shuffled,
    usable,
)
from igny8.planner.sample.phrase import NO_NOUN, Phrase, Shape, phrase, quoted
from igny8.planner.sample.questions import question_of
from igny8.writer.brief import Brief
from igny8.writer.sample.slug import slug

BANK = Path(__file__).parent / "bank"
SEO_TITLE = (20, 60)
DESCRIPTION = (121, 156)
EXCERPT = (80, 300)
LONGEST_IN_DESCRIPTION = 60
MOST_QUESTIONS = 4
MOST_CLAIMS = 4
MOST_SECONDARY = 10
MOST_TAGS = 5
LONGEST_TAG = 40
LONGEST_QUESTION = 140


def draft_metadata(brief: Brief) -> dict[str, object]:
    """The fields of the article's metadata, each within the limits that are asked of a model."""
    seed = seed_of(brief)
    secondary = _unique(plain(keyword) for keyword in brief.secondary_keywords)
    return {
        "seo_title": seo_title(brief, seed),
        "meta_description": description(brief, seed),
        "slug": slug(brief.primary_keyword, brief.title),
        "excerpt": excerpt(brief, seed),
        "focus_keyword": plain(brief.primary_keyword) or "this topic",
        "secondary_keywords": secondary[:MOST_SECONDARY],
        "tags": _tags(brief, secondary),
        "faq": frequent_questions(brief, seed),
        "claims_to_check": _claims(brief, seed),
    }


def seo_title(brief: Brief, seed: str) -> str:
    """20 to 60 characters: the article's title if it fits, else the keyword with an addition."""
    title, keyword = plain(brief.title), phrase(brief.primary_keyword, brief.language).label
    endings = shuffled(bank(BANK / "meta.txt")["title"], seed, "title")
    candidates = [title, title.partition(":")[0], *(keyword + ending for ending in endings)]
    fitting = (one for one in candidates if SEO_TITLE[0] <= len(one) <= SEO_TITLE[1])
    return next(fitting, shortened(f"{title}: What to Know First", SEO_TITLE[1]))


def description(brief: Brief, seed: str) -> str:
    """121 to 156 characters: what the article answers, and a sentence that fills the line."""
    words = _words(brief)
    phrases = bank(BANK / "meta.txt")
    leads = [fill(lead, words) for lead in shuffled(usable(phrases["lead"], words), seed, "lead")]
    tails = shuffled(phrases["tail"], seed, "tail")
    lines = (f"{lead} {tail}" for lead in leads for tail in tails)
    shortest, longest = DESCRIPTION
    return next(line for line in lines if shortest <= len(line) <= longest)


def excerpt(brief: Brief, seed: str) -> str:
    """80 to 300 characters for lists and cards."""
    pattern = pick(bank(BANK / "meta.txt")["excerpt"], seed, "excerpt")
    return shortened(plain(phrase_for(pattern, _words(brief), seed)), EXCERPT[1])


def frequent_questions(brief: Brief, seed: str) -> list[dict[str, str]]:
    """The question keywords of the brief, each with an outline of its answer."""
    asked = [one for one in _asking(brief) if 10 <= len(question_of(one)) <= LONGEST_QUESTION]
    kinds = [_kind(one) for one in asked[:MOST_QUESTIONS]]
    phrases = bank(BANK / "faq.txt")
    found = []
    for place, (one, kind) in enumerate(zip(asked, kinds, strict=False)):
        turn = kinds[:place].count(kind)
        pattern = share(shuffled(phrases[kind], seed, "faq"), turn, 1)[0]
        answer = phrase_for(pattern, {"quoted": quoted(one.text)}, f"{seed}/{turn}")
        found.append({"question": question_of(one), "answer": plain(answer)})
    return found


def _words(brief: Brief) -> dict[str, str]:
    primary = phrase(brief.primary_keyword, brief.language)
    words = {"quoted": quoted(shortened(primary.text, LONGEST_IN_DESCRIPTION))}
    if primary.shape not in NO_NOUN:
        words |= {"topic": primary.topic, "about": primary.about}
    return words


def _asking(brief: Brief) -> list[Phrase]:
    """The related keywords that ask something; the article's own question only if none does."""
    keywords = _unique(map(plain, (*brief.secondary_keywords, brief.primary_keyword)))
    asking = [one for one in (phrase(each, brief.language) for each in keywords) if one.asks]
    own = same(brief.primary_keyword)
    return [one for one in asking if same(one.text) != own] or asking


def _kind(asked: Phrase) -> str:
    """The section of the question bank that suits the way the question begins."""
    words = asked.text.casefold().split()
    if asked.shape is Shape.HOW_TO:
        return "how"
    if words[0] in {"how", "when"}:
        return "measure"
    if words[0] == "why":
        return "why"
    return "what" if words[0] in {"what", "where", "which", "who", "whose", "whom"} else "yes_no"


def _tags(brief: Brief, secondary: Sequence[str]) -> list[str]:
    keywords = [plain(brief.primary_keyword), *secondary]
    return _unique(one for one in keywords if 1 <= len(one) <= LONGEST_TAG)[:MOST_TAGS]


def _claims(brief: Brief, seed: str) -> list[str]:
    words = _words(brief)
    patterns = shuffled(bank(BANK / "meta.txt")["claim"], seed, "claim")[:MOST_CLAIMS]
    return [shortened(plain(phrase_for(pattern, words, seed)), 200) for pattern in patterns]


def _unique(texts: Iterable[str]) -> list[str]:
    """The texts without those that only repeat an earlier one."""
    first: dict[str, str] = {}
    for text in filter(None, texts):
        first.setdefault(same(text), text)
    return list(first.values())
