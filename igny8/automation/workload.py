"""The calls that a queue makes: how many of each function, and how large one of them is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from igny8.automation.forecast import batch_size, images_an_article
from igny8.planner.models import ContentIdea
from igny8.sites.models import Site
from igny8.writer.composing import CONCLUSION_WORDS, INTRODUCTION_WORDS, SHORTEST_SECTION
from igny8.writer.models import Task

Settings = Mapping[str, int]
SECTIONS_AN_ARTICLE, WORDS_A_SECTION = 6, 170
# Rows between a queue that is only expected and the one that comes, as a share.
EXPECTED_ROWS_SPREAD, KNOWN_ROWS_SPREAD = 0.3, 0.03
# Sections that are written once more because the article came out too short.
LENGTHENED_AN_ARTICLE = 0.5
TITLES_TOLD, NAMES_TOLD = 300, 500
TOKENS_A_TITLE, TOKENS_A_NAME, TOKENS_A_WORD = 14, 6, 1.35
TOKENS_AN_IMAGE = 1600
OUTLINES_LOOKED_AT = 500
WORDS_AROUND = INTRODUCTION_WORDS + CONCLUSION_WORDS
TEXTS_A_CALL, TOKENS_A_KEYWORD = 256, 5


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What a run would take: rows by stage, how sure they are, and what is known of them.

    `namings` are the batches of stage 1 that name clusters; `sections`, and `words` in them, are
    those of an article; `titles` and `names` what the site has already, which questions tell.
    """

    totals: Mapping[int, int]
    spreads: Mapping[int, float]
    settings: Settings
    namings: int
    sections: float = SECTIONS_AN_ARTICLE
    words: float = SECTIONS_AN_ARTICLE * WORDS_A_SECTION
    titles: int = 0
    names: int = 0

    def rows(self, stage: int) -> int:
        return self.totals.get(stage, 0)


@dataclass(frozen=True, kw_only=True)
class Work:
    """One function's part in a queue.

    A question tells `told` tokens besides its prompt and `told_a_unit` for each of its units of
    work; its answer has `made_a_unit` for each. `setting` says how many units a call of a run with
    those settings has, where settings decide that.
    """

    calls: Callable[[Queue], float]
    units: Callable[[Queue], float]
    told: Callable[[Queue], float] = lambda _: 0.0
    told_a_unit: float = 0.0
    made_a_unit: float = 0.0
    setting: Callable[[Settings], float] | None = None


def _articles(queue: Queue) -> float:
    return queue.rows(4)


def _one(_: Queue) -> float:
    return 1.0


def _keywords_a_batch(queue: Queue) -> float:
    return min(batch_size(queue.settings, 1), queue.rows(1))


def _ideas_a_cluster(queue: Queue) -> float:
    clusters, most = queue.rows(2), queue.settings["ideas_per_cluster"]
    return min(most, max(1.0, queue.rows(3) / clusters)) if clusters else most


def _sections(queue: Queue) -> float:
    return queue.rows(4) * (queue.sections + LENGTHENED_AN_ARTICLE)


def _titles_told(queue: Queue) -> float:
    """Half of the new ones, on average, stand beside those that are there."""
    return TOKENS_A_TITLE * min(TITLES_TOLD, queue.titles + queue.rows(3) / 2)


def _names_told(queue: Queue) -> float:
    return TOKENS_A_NAME * min(NAMES_TOLD, queue.names + queue.rows(2) / 2)


WORK = {
    "auto_cluster": Work(
        calls=lambda queue: queue.namings,
        units=_keywords_a_batch,
        told=_names_told,
        told_a_unit=12,
        made_a_unit=1.8,
        setting=lambda settings: batch_size(settings, 1),
    ),
    "generate_ideas": Work(
        calls=lambda queue: queue.rows(2),
        units=_ideas_a_cluster,
        told=_titles_told,
        told_a_unit=100,
        made_a_unit=450,
        setting=lambda settings: settings["ideas_per_cluster"],
    ),
    "write_introduction": Work(
        calls=_articles, units=_one, told=lambda _: 650, made_a_unit=150
    ),
    "write_section": Work(
        calls=_sections,
        units=lambda queue: queue.words / max(1.0, queue.sections),
        told=lambda _: 660,
        made_a_unit=TOKENS_A_WORD,
    ),
    "write_conclusion": Work(calls=_articles, units=_one, told=lambda _: 660, made_a_unit=90),
    "write_metadata": Work(calls=_articles, units=_one, told=lambda _: 700, made_a_unit=340),
    "generate_image_prompts": Work(
        calls=lambda queue: queue.rows(5) if queue.settings["wants_images"] else 0,
        units=lambda queue: images_an_article(queue.settings),
        told=lambda _: 140,
        made_a_unit=105,
        setting=images_an_article,
    ),
    "generate_images": Work(
        calls=lambda queue: queue.rows(6), units=_one, told_a_unit=90, made_a_unit=TOKENS_AN_IMAGE
    ),
    "embed_keywords": Work(
        calls=lambda queue: -(-queue.rows(1) // TEXTS_A_CALL),
        units=lambda queue: min(TEXTS_A_CALL, queue.rows(1)),
        told_a_unit=TOKENS_A_KEYWORD,
    ),
}  # fmt: skip


def queue_of(
    site: Site,
    settings: Settings,
    *,
    totals: Mapping[int, int],
    waiting: Mapping[int, int],
    known: Mapping[int, int],
    namings: int | None,
) -> Queue:
    """`known` are hand-overs that were looked at beforehand; the others are only expected."""
    sections, words = _outline(site)
    batches = -(-totals.get(1, 0) // batch_size(settings, 1))
    return Queue(
        totals=totals,
        spreads={number: _spread(number, totals, waiting, known) for number in totals},
        settings=settings,
        namings=batches if namings is None else namings,
        sections=sections,
        words=words,
        titles=site.ideas.count(),
        names=site.clusters.count(),
    )


def _spread(
    number: int, totals: Mapping[int, int], waiting: Mapping[int, int], known: Mapping[int, int]
) -> float:
    """None for what waits; more for what the stages before it are only expected to make."""
    coming = totals[number] - waiting[number]
    if coming <= 0:
        return 0.0
    began = [n for n in (1, 2) if totals.get(n)]
    is_known = all(n in known for n in began if n < number)
    share = KNOWN_ROWS_SPREAD if is_known else EXPECTED_ROWS_SPREAD
    return share * coming / totals[number]


def _outline(site: Site) -> tuple[float, float]:
    """Sections and their words of articles that wait, else of the newest ideas, else as usual."""
    tasks = Task.objects.pending().filter(site=site).values("idea")
    for ideas in (
        ContentIdea.objects.filter(site=site, pk__in=tasks),
        ContentIdea.objects.filter(site=site),
        ContentIdea.objects.filter(site__account=site.account_id),
    ):
        rows = list(
            ideas.order_by("-pk").values_list("outline", "target_words")[:OUTLINES_LOOKED_AT]
        )
        if rows:
            sections = sum(len(outline) for outline, _ in rows) / len(rows)
            words = sum(words for _, words in rows) / len(rows) - WORDS_AROUND
            return sections, max(words, SHORTEST_SECTION * sections)
    return SECTIONS_AN_ARTICLE, SECTIONS_AN_ARTICLE * WORDS_A_SECTION


def units_then(work: Work, config: Mapping[str, Any]) -> float | None:
    """How many units a call had in a run with these settings; None where nobody can say."""
    try:
        return None if work.setting is None else work.setting(config)
    except KeyError:
        return None
