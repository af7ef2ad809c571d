from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from igny8.clustering import Phrase, Placed, group, group_apart
from tests.clustering.garden import garden

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Letters:
    """Counts of letters; a lambda in it makes sure that nobody tries to pickle it."""

    id = "letters"
    threshold = 0.9

    def __init__(self) -> None:
        self.asked = 0
        self._connection = lambda: None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        self.asked += 1
        return np.array([[text.count(one) for one in "aeioubdgkt"] for text in texts], np.float32)


class BrokenEmbedder(Letters):
    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise ConnectionError("the endpoint is down")


class WrongSize(Letters):
    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return super().embed(texts)[:1]


def test_a_process_of_its_own_gives_the_same_grouping() -> None:
    placed = [Placed(900, "basil recipes", 5, 2, 30)]
    taken = frozenset({"How to Dry Herbs"})

    apart = group_apart(garden(), placed, taken_names=taken, brands=frozenset({"acme"}))

    assert apart == group(garden(), placed, taken_names=taken, brands=frozenset({"acme"}))


def test_an_embedder_stays_in_its_process_and_is_asked_once() -> None:
    embedder = Letters()

    apart = group_apart(garden(), embedder=embedder)

    assert embedder.asked == 1
    assert apart == group(garden(), embedder=Letters())
    assert apart.embedder == "letters"


def test_an_embedder_that_fails_fails_the_whole_grouping() -> None:
    with pytest.raises(ConnectionError, match="endpoint is down"):
        group_apart(garden(), embedder=BrokenEmbedder())


def test_an_error_in_the_other_process_arrives_here() -> None:
    with pytest.raises((ValueError, IndexError)):
        group_apart(garden(), embedder=WrongSize())


PROGRAM = """
import sys
from igny8.clustering import Phrase, {function}
texts = ["herb garden", "herb gardens", "car insurance"]
grouping = {function}([Phrase(at, text) for at, text in enumerate(texts)])
assert len(grouping.topics) == 2
print(*sorted({{name.partition(".")[0] for name in sys.modules}}))
"""


def modules_after(function: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(function=function)],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_a_small_grouping_needs_nothing_heavy_and_nothing_that_talks() -> None:
    loaded = modules_after("group")

    assert loaded.isdisjoint(
        {"sklearn", "scipy", "wordllama", "requests", "huggingface_hub", "httpx", "django"}
    )


def test_a_grouping_apart_leaves_even_numpy_out_of_the_calling_process() -> None:
    assert "numpy" not in modules_after("group_apart")


UNGUARDED = """
from igny8.clustering import Phrase, group_apart
group_apart([Phrase(at, f"herb garden number {at}") for at in range(20_000)])
"""


def test_a_process_that_dies_before_it_listens_is_not_waited_for(tmp_path: Path) -> None:
    program = tmp_path / "unguarded.py"
    program.write_text(UNGUARDED, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, str(program)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert "GroupingFailedError: Grouping 20000 keywords stopped" in done.stderr


@pytest.mark.slow
def test_a_large_queue_is_grouped_apart_by_itself() -> None:
    import psutil

    phrases = [Phrase(at, f"{one.text} {at // 43}") for at, one in enumerate(garden() * 120)]
    before = psutil.Process().memory_info().rss

    grouping = group(phrases)

    assert sum(len(topic.members) for topic in grouping.topics) == len(phrases)
    assert psutil.Process().memory_info().rss - before < 30 * 2**20
