"""How well, how repeatably and how fast keywords are grouped: `python bench/clustering.py`.

Quality is measured on three public sets of labelled short texts with the parameters the product
ships with; nothing is tuned to a set. `--sizes` limits the speed part, `--sizes 0` skips it.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import multiprocessing
import random
import re
import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from igny8.clustering import Grouping, Phrase, Placed, group, group_apart
from igny8.clustering.calibration import bcubed_f1
from igny8.clustering.embedding import packaged_embedder
from igny8.clustering.grouping import group_here
from igny8.clustering.leaves import gather
from igny8.clustering.smoothing import Neighbourhood
from igny8.clustering.space import space_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SETS = Path(__file__).parent / "data" / "clusters"
SIZES = (1_000, 10_000, 50_000, 100_000)
KMEANS_SEEDS = 5
QUEUES = 60
TOPIC_OF_QUEUE = 7
MODIFIERS = (
    "best", "cheap", "near me", "2026", "for beginners", "online", "free", "for kids", "tips",
    "template", "in london", "for small business", "at home", "without app", "checklist", "uk",
    "easy", "alternatives", "on weekends", "for seniors",
)  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    f1: float
    v: float
    ari: float
    single: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="keywords to time")
    sizes = [size for size in parser.parse_args().sizes if size]
    sets = [_read(path) for path in sorted(SETS.glob("*.csv"))]
    _report_quality(sets)
    _report_identity(sets)
    _report_increments(sets)
    _report_small_queues(sets)
    _report_speed(sets, sizes)


def _read(path: Path) -> Labelled:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Labelled(
        path.stem, tuple(row["text"] for row in rows), tuple(row["label"] for row in rows)
    )


def _phrases(texts: Sequence[str]) -> list[Phrase]:
    return [Phrase(id=at, text=text) for at, text in enumerate(texts)]


def _topic_of_each(grouping: Grouping, count: int) -> list[int]:
    topic_of = [-1] * count
    for number, topic in enumerate(grouping.topics):
        for member in topic.members:
            topic_of[member.id] = number
    return topic_of


def _score(labels: Sequence[str], found: Sequence[int]) -> Score:
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    sizes = {one: found.count(one) for one in set(found)}
    return Score(
        f1=bcubed_f1(labels, found),
        v=float(v_measure_score(labels, found)),
        ari=float(adjusted_rand_score(labels, found)),
        single=sum(sizes[one] == 1 for one in found) / len(found),
    )


def _report_quality(sets: Sequence[Labelled]) -> None:
    print("## Quality, one parameter set; each unclustered text is a cluster of its own")
    print("set          texts classes topics  BCubedF1  V     ARI   single  | on the same vectors")
    rows = []
    for one in sets:
        found = _topic_of_each(group(_phrases(one.texts)), len(one.texts))
        score = _score(one.labels, found)
        vectors = _vectors_of_each(one.texts)
        kmeans, hdbscan = _kmeans_f1(one, vectors), _hdbscan_f1(one, vectors)
        rows.append((score.f1, score.f1 / kmeans, score.f1 / hdbscan, 1 - score.single))
        print(
            f"{one.name:12} {len(one.texts):5} {len(set(one.labels)):7} {len(set(found)):6}"
            f"  {score.f1:.3f}     {score.v:.3f} {score.ari:.3f} {score.single:6.1%}"
            f"  | k-means(true k) {kmeans:.3f} = {score.f1 / kmeans:.3f}x"
            f"  HDBSCAN(2) {hdbscan:.3f} = {score.f1 / hdbscan:.2f}x"
        )
    f1, to_kmeans, to_hdbscan, assigned = (
        statistics.mean(column) for column in zip(*rows, strict=True)
    )
    print(
        f"mean F1 {f1:.4f} (asked 0.68), {to_kmeans:.3f} x k-means (0.97),"
        f" {to_hdbscan:.2f} x HDBSCAN (1.3), assigned {assigned:.1%},"
        f" worst {min(row[3] for row in rows):.1%} (97 %)\n"
    )


def _vectors_of_each(texts: Sequence[str]) -> NDArray[np.float32]:
    """The vectors topics are cut on, one a text."""
    import numpy as np

    leaves = gather(_phrases(texts), ())
    space = space_of(leaves, packaged_embedder(), None)
    smooth = Neighbourhood(space.whole).smoothed(np.arange(len(leaves)))
    row_of = {phrase.id: row for row, leaf in enumerate(leaves) for phrase in leaf.phrases}
    return smooth[[row_of[at] for at in range(len(texts))]]


def _kmeans_f1(one: Labelled, vectors: NDArray[np.float32]) -> float:
    from sklearn.cluster import KMeans

    count = len(set(one.labels))
    return statistics.mean(
        bcubed_f1(one.labels, KMeans(count, random_state=seed, n_init=1).fit_predict(vectors))
        for seed in range(KMEANS_SEEDS)
    )


def _hdbscan_f1(one: Labelled, vectors: NDArray[np.float32]) -> float:
    """Noise counts as clusters of one."""
    from sklearn.cluster import HDBSCAN

    found = HDBSCAN(min_cluster_size=2, copy=True).fit_predict(vectors)
    alone = itertools.count(int(found.max()) + 1)
    return bcubed_f1(one.labels, [int(at) if at >= 0 else next(alone) for at in found])


def _report_identity(sets: Sequence[Labelled]) -> None:
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # has no stubs

    print("## The same result after shuffling and with 1 and 2 threads")
    for one in sets:
        phrases = _phrases(one.texts)
        usual = group_here(phrases)
        shuffled = random.Random(1).sample(phrases, len(phrases))
        same = [group_here(shuffled) == usual]
        for threads in (1, 2):
            with threadpool_limits(threads):
                same.append(group_here(phrases) == usual)
        print(f"{one.name:12} shuffled {same[0]}, 1 thread {same[1]}, 2 threads {same[2]}")
    print()


def _report_increments(sets: Sequence[Labelled]) -> None:
    print("## 80 % first, 20 % later, against all at once")
    ratios = []
    for one in sets:
        at_once = bcubed_f1(one.labels, _topic_of_each(group(_phrases(one.texts)), len(one.texts)))
        later = statistics.mean(_f1_of_two_imports(one, seed) for seed in range(3))
        ratios.append(later / at_once)
        print(f"{one.name:12} {later:.3f} / {at_once:.3f} = {ratios[-1]:.3f}")
    print(f"mean {statistics.mean(ratios):.3f} (asked 0.98)\n")


def _f1_of_two_imports(one: Labelled, seed: int) -> float:
    phrases = random.Random(seed).sample(_phrases(one.texts), len(one.texts))
    cut = len(phrases) * 4 // 5
    first = group(phrases[:cut])
    placed = list(_placed(first, one.texts))
    second = group(phrases[cut:], placed, mean=first.mean)
    topic_of = {keyword.id: keyword.cluster for keyword in placed}
    for number, topic in enumerate(second.topics, len(first.topics)):
        cluster = number if topic.cluster is None else topic.cluster
        topic_of |= {member.id: cluster for member in topic.members}
    return bcubed_f1(one.labels, [topic_of[at] for at in range(len(one.texts))])


def _placed(grouping: Grouping, texts: Sequence[str]) -> Iterator[Placed]:
    for cluster, topic in enumerate(grouping.topics):
        for member in topic.members:
            yield Placed(member.id, texts[member.id], cluster, member.page)


def _report_small_queues(sets: Sequence[Labelled]) -> None:
    print(f"## Small queues: {QUEUES} mixes of 20-50 texts, about {TOPIC_OF_QUEUE} a class")
    scores = [
        bcubed_f1(queue.labels, _topic_of_each(group(_phrases(queue.texts)), len(queue.texts)))
        for queue in _small_queues(sets)
    ]
    print(f"mean F1 {statistics.mean(scores):.3f} (asked 0.90), worst {min(scores):.3f}\n")


def _small_queues(sets: Sequence[Labelled]) -> Iterator[Labelled]:
    chance = random.Random(7)
    texts_of: dict[str, list[str]] = {}
    for one in sets:
        for text, label in zip(one.texts, one.labels, strict=True):
            texts_of.setdefault(f"{one.name}/{label}", []).append(text)
    for number in range(QUEUES):
        size = chance.randint(20, 50)
        classes = chance.sample(sorted(texts_of), round(size / TOPIC_OF_QUEUE))
        labels = [classes[at % len(classes)] for at in range(size)]
        texts = [
            text for name in classes for text in chance.sample(texts_of[name], labels.count(name))
        ]
        yield Labelled(f"queue {number}", tuple(texts), tuple(sorted(labels, key=classes.index)))


def _report_speed(sets: Sequence[Labelled], sizes: Iterable[int]) -> None:
    print("## Embedding and grouping in a process of its own, imports aside")
    print("keywords  seconds  peak MB  topics  pages")
    texts = [text for one in sets for text in one.texts]
    for size in sizes:
        context = multiprocessing.get_context("spawn")
        with context.Pool(1) as pool:
            seconds, peak, topics, pages = pool.apply(_timed, (_many(texts, size),))
        print(f"{size:8,}  {seconds:7.1f}  {peak:7.0f}  {topics:6,}  {pages:6,}", flush=True)
    if sizes:
        _report_memory_given_back(texts)


def _many(texts: Sequence[str], count: int) -> list[str]:
    """Texts of the sets, then the same with words added as searchers do."""
    wordings = itertools.chain(
        dict.fromkeys(texts),
        (f"{text} {word}" for word in MODIFIERS for text in dict.fromkeys(texts)),
    )
    return list(itertools.islice(dict.fromkeys(wordings), count))


def _timed(texts: Sequence[str]) -> tuple[float, float, int, int]:
    group_here([Phrase(1, "warm"), Phrase(2, "up")])
    phrases = _phrases(texts)
    start = time.perf_counter()
    grouping = group_here(phrases)
    seconds = time.perf_counter() - start
    pages = sum(len({member.page for member in topic.members}) for topic in grouping.topics)
    return seconds, _peak_megabytes(), len(grouping.topics), pages


def _peak_megabytes() -> float:
    """Of this process alone: `ru_maxrss` would still count the one it was spawned from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024


def _report_memory_given_back(texts: Sequence[str]) -> None:
    import psutil

    phrases = _phrases(_many(texts, 10_000))
    before = psutil.Process().memory_info().rss
    group_apart(phrases)
    grown = (psutil.Process().memory_info().rss - before) / 2**20
    print(f"after 10,000 keywords apart this process has grown by {grown:.0f} MB")


if __name__ == "__main__":
    main()
