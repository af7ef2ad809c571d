"""One installation that is broken again and again: its database, its provider, its processes."""

import json
import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from igny8.core import crashpoints
from tests.faults.children import Child
from tests.faults.databases import Database
from tests.faults.provider_process import ProviderProcess

Facts = dict[str, Any]
Fuse = tuple[str, int]
Work = Callable[[], Any]
UNCERTAIN = "unknown"
MODELS = ("lab-model", "lab-image-model")
# Micro-dollars a token that the provider reads, and one that it writes.
READ, WRITTEN = 10, 20


@dataclass
class Lab:
    """`violations` are sentences; an empty list is what every trial is for."""

    folder: Path
    database: Database
    provider: ProviderProcess
    seed: int = 1
    violations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.ask(_migrate)
        self.database.keep("empty")

    def ask(self, work: Work, seconds: float = 90.0) -> Any:
        """What the work returns; it is done in a process of its own."""
        return Child(work).result(seconds)

    def prepare(self, name: str, work: Work) -> Any:
        """A database as this work leaves it, for many trials."""
        self.database.restore("empty")
        told = self.ask(work)
        self.database.keep(name)
        return told

    def begin(self, name: str, faults: Sequence[Facts] = (), *, latency: float = 0.0) -> None:
        self.database.restore(name)
        shutil.rmtree(self.folder / "media", ignore_errors=True)
        self.provider.begin_again(faults, latency=latency)

    def violated(self, where: str, found: Sequence[str]) -> None:
        self.violations += [f"{where}: {one}" for one in found]

    def check_books(self, where: str, *, kills: int) -> Counter[str]:
        """What holds after every fault, and our books against the provider's, line by line."""
        found: Facts = self.ask(_found)
        self.violated(where, found["broken"])
        self.violated(where, differences(found["calls"], self.provider.accepted()))
        states = Counter(str(call["state"]) for call in found["calls"])
        lost = states[UNCERTAIN] + states["late"]
        if lost > kills:
            self.violated(where, [f"{lost} lost calls after {kills} kills"])
        return states


def differences(calls: Sequence[Facts], accepted: Sequence[Facts]) -> list[str]:
    """Where our books and the provider's journal disagree; calls that got lost are no difference,
    but they are listed: by us as `unknown`, by the provider as accepted."""
    asked = Counter(line["call"] for line in accepted)
    known = {call["pk"]: call for call in calls}
    answered = [call for call in calls if call["state"] in ("answered", "used", "late")]
    return [
        *(f"call {pk} was asked without our knowing" for pk in asked if pk not in known),
        *(f"call {pk} was asked {times} times" for pk, times in asked.items() if times > 1),
        *(f"{c['key']} was never asked" for c in calls if c["lines"] and not asked[c["pk"]]),
        *(f"{c['key']} was answered and not booked" for c in answered if not c["lines"]),
        *(f"{call['key']} was booked twice" for call in calls if call["lines"] > 1),
        *_other_prices(calls, accepted),
        *(f"{key} was paid for twice" for key in _paid_twice(calls)),
    ]


def _other_prices(calls: Sequence[Facts], accepted: Sequence[Facts]) -> list[str]:
    """Lines of the ledger that are not what the provider's own journal bills for that call."""
    billed = {
        line["call"]: READ * line["tokens"][0] + WRITTEN * line["tokens"][1] for line in accepted
    }
    return [
        f"{call['key']} cost {call['cost']}, the provider bills {billed.get(call['pk'])}"
        for call in calls
        if call["lines"] and call["cost"] != billed.get(call["pk"])
    ]


def _paid_twice(calls: Sequence[Facts]) -> list[str]:
    paid = Counter(
        (call["key"], call["request_hash"])
        for call in calls
        if call["state"] in ("answered", "used")
    )
    return [key for (key, _), times in paid.items() if times > 1]


def until(*fuses: Fuse) -> None:
    """This process dies when it comes to one of these points for the n-th time."""
    left = dict(fuses)

    def reached(name: str) -> None:
        if name in left:
            left[name] -= 1
            if not left[name]:
                os.kill(os.getpid(), signal.SIGKILL)

    crashpoints.arm(reached)


def counting() -> Counter[str]:
    """How often this process comes to each point, from now on."""
    hits: Counter[str] = Counter()
    crashpoints.arm(lambda name: hits.update((name,)))
    return hits


def _migrate() -> None:
    from django.core.management import call_command

    from igny8.accounts.models import owner_account
    from igny8.credits.models import PriceOverride
    from igny8.credits.prices import MILLION

    call_command("migrate", verbosity=0)
    for model in MODELS:
        PriceOverride.objects.create(
            account=owner_account(),
            model=model,
            input_rate=READ * MILLION,
            output_rate=WRITTEN * MILLION,
        )


def _found() -> Facts:
    """Broken invariants, and every call with the number of its ledger lines."""
    from django.db.models import Count, Sum

    from igny8.ai.models import AICall
    from igny8.credits.models import CreditEntry
    from tests.faults.invariants import broken, broken_by_doctor

    booked = CreditEntry.objects.values("call_id")
    lines = {
        one["call_id"]: (one["number"], one["cost"])
        for one in booked.annotate(number=Count("pk"), cost=Sum("cost_microusd"))
    }
    calls = AICall.objects.order_by("pk").values("pk", "key", "request_hash", "state")
    return {
        "broken": broken() + broken_by_doctor(),
        "calls": [
            {**call, **dict(zip(("lines", "cost"), lines.get(call["pk"], (0, None)), strict=True))}
            for call in calls
        ],
    }


def as_json(facts: Any) -> Any:
    """Facts of two processes compare equal only after the same journey."""
    return json.loads(json.dumps(facts, default=str))
