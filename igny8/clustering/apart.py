"""Large groupings in a process of their own.

They hold the interpreter for minutes and take up to two gigabytes, which a long-running process
would never give back.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

from igny8.clustering.contract import Granularity, Grouping, Phrase, Placed
from igny8.clustering.grouping import group_here
from igny8.clustering.leaves import gather

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from igny8.clustering.contract import Embedder

LARGE = 5_000


class GroupingFailedError(Exception):
    """The process that was grouping ended without an answer."""


@dataclass(frozen=True, slots=True)
class Order:
    """Everything one grouping needs, in a shape that travels between processes."""

    phrases: tuple[Phrase, ...]
    placed: tuple[Placed, ...]
    granularity: Granularity
    taken_names: frozenset[str]
    brands: frozenset[str]
    mean: bytes | None
    embedder: Embedder | None

    def fulfilled(self) -> Grouping:
        return group_here(
            self.phrases,
            self.placed,
            granularity=self.granularity,
            taken_names=self.taken_names,
            brands=self.brands,
            mean=self.mean,
            embedder=self.embedder,
        )


@dataclass(frozen=True, slots=True)
class KnownVectors:
    """An embedder that has answered already: only its vectors go to the other process."""

    id: str
    threshold: float
    texts: tuple[str, ...]
    vectors: NDArray[np.float32]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        place = {text: at for at, text in enumerate(self.texts)}
        return self.vectors[[place[text] for text in texts]]


def group(
    phrases: Iterable[Phrase],
    placed: Iterable[Placed] = (),
    *,
    granularity: Granularity = Granularity.BALANCED,
    taken_names: Collection[str] = frozenset(),
    brands: Collection[str] = frozenset(),
    mean: bytes | None = None,
    embedder: Embedder | None = None,
) -> Grouping:
    """Topics and pages of all phrases; the same whatever their order.

    `placed` keywords stay where they are and take newcomers in. `mean` is that of the site's
    last grouping; store the new one. Above 5,000 keywords it runs in a process of its own.
    """
    order = Order(
        phrases=tuple(phrases),
        placed=tuple(placed),
        granularity=granularity,
        taken_names=frozenset(taken_names),
        brands=frozenset(brands),
        mean=mean,
        embedder=embedder,
    )
    if len(order.phrases) + len(order.placed) > LARGE:
        return _fulfilled_apart(order)
    return order.fulfilled()


def group_apart(
    phrases: Iterable[Phrase],
    placed: Iterable[Placed] = (),
    *,
    granularity: Granularity = Granularity.BALANCED,
    taken_names: Collection[str] = frozenset(),
    brands: Collection[str] = frozenset(),
    mean: bytes | None = None,
    embedder: Embedder | None = None,
) -> Grouping:
    """`group` in a process of its own whatever the size."""
    return _fulfilled_apart(
        Order(
            phrases=tuple(phrases),
            placed=tuple(placed),
            granularity=granularity,
            taken_names=frozenset(taken_names),
            brands=frozenset(brands),
            mean=mean,
            embedder=embedder,
        )
    )


def _fulfilled_apart(order: Order) -> Grouping:
    context = multiprocessing.get_context("spawn")
    portable = _portable(order)
    here, there = context.Pipe()
    process = context.Process(target=_answer, args=(there,), daemon=True)
    process.start()
    # Only the other process may hold its end: its death then ends sending and waiting. An order
    # among the arguments would be sent before that, and waited for without an end.
    there.close()
    try:
        here.send(portable)
        answer: Grouping | Exception = here.recv()
    except (EOFError, OSError):
        process.join()
        raise GroupingFailedError(
            f"Grouping {len(order.phrases)} keywords stopped (exit status {process.exitcode}). "
            "The machine is probably short of memory: about 2 GB are needed for 100,000 keywords."
        ) from None
    finally:
        here.close()
        process.terminate()
        process.join()
    if isinstance(answer, Exception):
        raise answer
    return answer


def _answer(asker: Connection) -> None:
    """What the other process runs."""
    threading.Thread(target=_die_with_parent, daemon=True).start()
    order: Order = asker.recv()
    try:
        answer: Grouping | Exception = order.fulfilled()
    except Exception as error:  # noqa: BLE001  the caller's process raises it
        answer = error
    asker.send(answer)


def _die_with_parent() -> None:
    """A killed parent must not leave gigabytes behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _portable(order: Order) -> Order:
    """With vectors instead of an embedder, which may hold connections or locks."""
    if order.embedder is None:
        return order
    texts = tuple(leaf.text for leaf in gather(order.phrases, order.placed) if leaf.text)
    known = KnownVectors(
        id=order.embedder.id,
        threshold=order.embedder.threshold,
        texts=texts,
        vectors=order.embedder.embed(texts),
    )
    return replace(order, embedder=known)
