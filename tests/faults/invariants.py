"""What holds after every fault, each as one query; and what a run leaves, without ids and times."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from igny8.ai.booking import reservation_of
from igny8.ai.models import AICall
from igny8.automation.checks import all_checks
from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.stages import WORK_STAGES
from igny8.credits.ledger import is_balanced
from igny8.credits.models import CreditAccount, CreditEntry, CreditReservation
from igny8.planner.models import Cluster, ContentIdea, Keyword
from igny8.writer.models import Content, Image, ImageVersion, Task

WAITS = ("queued", "working")
RESULT_FACTS = (
    "status", "total", "processed", "done", "failed", "skipped", "left", "created", "batches",
)  # fmt: skip


def i1_keywords_and_their_clusters() -> bool:
    mapped = Keyword.objects.filter(status="mapped")
    return not (
        mapped.filter(cluster=None).exists()
        or mapped.exclude(cluster__site=F("site")).exists()
        or Keyword.objects.filter(status="new").exclude(cluster=None).exists()
    )


def i2_nothing_twice() -> bool:
    pairs = ((Content, "task"), (Task, "idea"), (ContentIdea, "cluster"))
    doubles = [m.objects.values(f).annotate(n=Count("pk")).filter(n__gt=1) for m, f in pairs[:2]]
    slots = Image.objects.values("content", "slot").annotate(n=Count("pk")).filter(n__gt=1)
    return not any(found.exists() for found in (*doubles, slots))


def i3_completed_tasks_have_their_content() -> bool:
    written = Exists(Content.objects.filter(task=OuterRef("pk")))
    return not Task.objects.filter(
        Q(written, status="pending") | Q(~written, status="completed")
    ).exists()


def i4_each_paid_call_has_one_line() -> bool:
    lines = dict(CreditEntry.objects.values_list("call_id").annotate(n=Count("pk")))
    booked = set(AICall.objects.exclude(credits=None).values_list("pk", flat=True))
    answered = AICall.objects.filter(state__in=("answered", "used", "late"))
    is_known = set(answered.values_list("pk", flat=True)) <= booked <= set(lines)
    return is_known and set(lines.values()) <= {1}


def i5_the_run_shows_what_the_ledger_says() -> bool:
    """What came after a run was over is waste."""
    for run in AutomationRun.objects.filter(status="completed"):
        entries = CreditEntry.objects.filter(run_ref=run.ref)
        if not _sum(entries.filter(kind="charge")) <= run.credits_used <= _sum(entries):
            return False
    return True


def _sum(entries: "QuerySet[CreditEntry]") -> Decimal:
    return sum(entries.values_list("credits", flat=True), Decimal(0))


def i5_credits_are_set_aside_for_calls_under_way_only() -> bool:
    kept = CreditReservation.objects.filter(state="open").values_list("key", flat=True)
    sent = AICall.objects.filter(state="sent").exclude(reserved=0).values_list("pk", flat=True)
    return set(kept) == {reservation_of(pk) for pk in sent}


def i5_an_account_is_its_ledger() -> bool:
    return all(map(is_balanced, CreditAccount.objects.values_list("account_id", flat=True)))


def i6_rows_are_held_for_active_runs_only() -> bool:
    refs = {r.ref for r in AutomationRun.objects.filter(Q(status__in=AutomationRun.ACTIVE))}
    held: set[str | None] = set()
    for stage in WORK_STAGES:
        held |= set(stage.model._default_manager.values_list("held_by", flat=True))
    return held - {None} <= refs


def i7_no_stage_starts_over_a_pending_one() -> bool:
    later = RunItem.objects.filter(run=OuterRef("run"), stage__gt=OuterRef("stage"))
    return not RunItem.objects.filter(Exists(later), state__in=WAITS).exists()


def i8_counts_add_up() -> bool:
    for run in AutomationRun.objects.all():
        for stage in WORK_STAGES:
            result = run.result(stage.number)
            counted = RunItem.objects.filter(run=run, stage=stage.number)
            if result.get("opened") and not (
                result["total"] == counted.count()
                and result["left"] == counted.filter(state__in=WAITS).count()
                and result["processed"] + result["left"] == result["total"]
            ):
                return False
    return True


def a_question_is_answered_for_money_once() -> bool:
    paid = AICall.objects.filter(state__in=("answered", "used"))
    return not paid.values("key", "request_hash").annotate(n=Count("pk")).filter(n__gt=1).exists()


def a_run_without_a_worker_works_on_nothing_and_holds_nothing() -> bool:
    refs = [run.ref for run in AutomationRun.objects.filter(worker=None)]
    return not RunItem.objects.filter(state="working", run__worker=None).exists() and not any(
        stage.model._default_manager.filter(held_by__in=refs).exists() for stage in WORK_STAGES
    )


def a_run_without_errors_has_used_its_answers() -> bool:
    refs = [run.ref for run in AutomationRun.objects.filter(status="completed", reason="")]
    return not AICall.objects.filter(run_ref__in=refs, state="answered").exists()


INVARIANTS: tuple[Callable[[], bool], ...] = (
    i1_keywords_and_their_clusters,
    i2_nothing_twice,
    i3_completed_tasks_have_their_content,
    i4_each_paid_call_has_one_line,
    i5_the_run_shows_what_the_ledger_says,
    i5_credits_are_set_aside_for_calls_under_way_only,
    i5_an_account_is_its_ledger,
    i6_rows_are_held_for_active_runs_only,
    i7_no_stage_starts_over_a_pending_one,
    i8_counts_add_up,
    a_question_is_answered_for_money_once,
    a_run_without_a_worker_works_on_nothing_and_holds_nothing,
    a_run_without_errors_has_used_its_answers,
)


def broken() -> list[str]:
    """The names of the invariants that do not hold now."""
    return [holds.__name__ for holds in INVARIANTS if not holds()]


def broken_by_doctor() -> list[str]:
    """What `igny8 doctor` would say, with the rows it names."""
    return [f"{check.name}: {check.detail}" for check in all_checks() if not check.ok]


Facts = dict[str, Any]


def left_behind_by(run: AutomationRun) -> Facts:
    """Everything a run made and says, without ids and times: the same whatever happened to it."""
    return {
        "keywords": rows(
            Keyword, "keyword", "status", "cluster__name", "page", "role", "idea__title"
        ),
        "clusters": rows(Cluster, "name", "status", "intent"),
        "ideas": rows(ContentIdea, "title", "status", "page", "cluster__name"),
        "tasks": rows(Task, "title", "status"),
        "content": rows(Content, "title", "status", "slug", "body", "meta_title", "findings"),
        "images": rows(Image, "slot", "status", "alt", "sha256", "held_by"),
        "run": [run.status, run.reason, run.current_stage, run.percent],
        "credits": str(_sum(CreditEntry.objects.all())),
        "earlier pictures": rows(ImageVersion, "number", "file", "prompt"),
        "results": [
            {key: run.result(stage.number).get(key) for key in RESULT_FACTS}
            for stage in WORK_STAGES
        ],
        "items": rows(RunItem, "stage", "label", "position", "state", "created", "batch_no"),
        "log": list(run.log.order_by("pk").values_list("level", "message")),
        "answers": rows(AICall.objects.filter(state="used"), "key", "request_hash"),
    }


def rows(source: Any, *fields: str) -> list[tuple[Any, ...]]:
    found = source if hasattr(source, "values_list") else source._default_manager
    return sorted(found.values_list(*fields), key=repr)


def shown_counts(run: AutomationRun) -> Iterator[int]:
    """Figures of the pages that may never fall."""
    yield run.percent
    for stage in WORK_STAGES:
        result = run.result(stage.number)
        yield from (int(result.get(key, 0)) for key in ("processed", "created", "done"))
