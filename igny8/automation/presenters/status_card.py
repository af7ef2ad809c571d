"""The card in the middle: what the pipeline does, and what a person can do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from igny8.automation.figures import Figures
from igny8.automation.models import DELAY, AutomationRun
from igny8.automation.presenters.looks import LOOKS, counted, look_of
from igny8.automation.presenters.pace import Paces
from igny8.automation.stages import STAGES, WORK_STAGES, stage_number
from igny8.automation.wording import credits_text, duration

INNER_QUOTES = str.maketrans("“”", "‘’")
DOING = {
    1: "Grouping {}",
    2: "Planning ideas for {}",
    3: "Planning tasks: {}",
    4: "Writing {}",
    5: "Describing images of {}",
    6: "Making the picture {}",
}


@dataclass(frozen=True)
class Action:
    """A button: `address` is the name of a page; `opens` is `dialog`, `post` or `page`."""

    title: str
    icon: str
    address: str
    opens: str
    manner: str = ""
    query: str = ""
    run: int | None = None


@dataclass(frozen=True, kw_only=True)
class StatusCard:
    """`until` is when a waiting run goes on, `since` how long the text is true, `ended` when the
    run was, `paused` when it paused itself; `ring` is the percentage around the icon."""

    state: str
    tone: str
    icon: str
    title: str
    text: str
    pending: int = 0
    review: int = 0
    hint: str = ""
    motion: str = ""
    ring: int = 0
    since: datetime | None = None
    ended: datetime | None = None
    paused: datetime | None = None
    until: datetime | None = None
    actions: tuple[Action, ...] = ()

    @property
    def big(self) -> tuple[str, str]:
        """The large number and what it counts."""
        if self.state == "completed":
            return f"{self.review:,}", "to review"
        return f"{self.pending:,}", "item pending" if self.pending == 1 else "items pending"


CONFIGURE = Action("Configure", "settings-2", "automation:configure", "dialog")
RUN_NOW = Action("Run Now", "play", "automation:start", "dialog", "btn-primary")
PAUSE = Action("Pause", "pause", "automation:pause", "post", "btn-primary")
RESUME = Action("Resume", "play", "automation:resume", "post", "btn-primary")
CANCEL = Action("Cancel run…", "x", "automation:cancel", "dialog", "btn-ghost")
REVIEW = Action("Review {}", "eye", "writer:contents", "page", "btn-primary", "?status=review")


def status_card(run: AutomationRun | None, figures: Figures, paces: Paces | None) -> StatusCard:
    if run is None or paces is None:
        return _ready(figures) if figures.pending else _first(figures)
    if run.status == AutomationRun.Status.RUNNING:
        return _waiting(run, figures) if run.is_waiting else _running(run, figures, paces)
    return {
        AutomationRun.Status.PAUSED: _paused,
        AutomationRun.Status.FAILED: _failed,
        AutomationRun.Status.CANCELLED: _cancelled,
        AutomationRun.Status.COMPLETED: _completed,
    }[AutomationRun.Status(run.status)](run, figures)


def _first(figures: Figures) -> StatusCard:
    """Nothing to work on and never worked."""
    is_bare = figures.counts["keywords"].total == 0
    return StatusCard(
        state="empty",
        tone="accent",
        icon="key-round",
        title="Bring your first keywords" if is_bare else "Nothing is pending",
        text="IGNY8 groups them, plans articles, writes and illustrates them, then waits for you.",
        pending=0,
    )


def _ready(figures: Figures) -> StatusCard:
    return StatusCard(
        state="ready",
        tone="ok",
        icon="circle-check",
        motion="pulse",
        title="Ready to run",
        text=_what_waits(figures),
        hint="Nothing is published: the run stops at the review gate.",
        actions=(CONFIGURE, RUN_NOW),
        pending=figures.pending,
    )


def _running(run: AutomationRun, figures: Figures, paces: Paces) -> StatusCard:
    stage = stage_number(run.current_stage)
    return StatusCard(
        state="running",
        tone="run",
        icon="sparkles",
        motion="spin",
        ring=run.percent,
        title=f"Running stage {stage.number} of {len(STAGES)}",
        text=_doing(run, figures),
        hint=_pace_hint(run, paces),
        actions=(CANCEL, CONFIGURE, PAUSE),
        pending=figures.pending,
    )


def _waiting(run: AutomationRun, figures: Figures) -> StatusCard:
    return StatusCard(
        state="waiting",
        tone="idle",
        icon="clock",
        ring=run.percent,
        title=f"Waiting in stage {run.current_stage}",
        text=f"{run.waiting_for}; it goes on by itself at",
        until=run.wake_at,
        actions=(CANCEL, CONFIGURE, PAUSE),
        pending=figures.pending,
    )


def _paused(run: AutomationRun, figures: Figures) -> StatusCard:
    calls = counted(1, "call") if figures.working else ""
    is_by_person = run.reason_code == "by_person"
    again = None if is_by_person else run.wake_at
    return StatusCard(
        state="paused",
        tone="warn",
        icon="triangle-alert",
        ring=run.percent,
        title=f"Paused, finishing {calls}" if calls else f"Paused in stage {run.current_stage}",
        text=_paused_because(run, again),
        until=again,
        hint="Nothing is lost: it goes on where it stopped.",
        since=run.updated_at if is_by_person else None,
        paused=None if is_by_person else run.updated_at,
        actions=(CANCEL, CONFIGURE, RESUME),
        pending=figures.pending,
    )


def _paused_because(run: AutomationRun, again: datetime | None) -> str:
    """A sentence that its time ends, or a whole one."""
    reason = run.reason.rstrip(".")
    if again:
        return f"{reason}; it tries again by itself at"
    return reason if run.reason_code == "by_person" else f"{reason}."


def _failed(run: AutomationRun, figures: Figures) -> StatusCard:
    return StatusCard(
        state="failed",
        tone="bad",
        icon="circle-alert",
        ring=run.percent,
        title=f"Stopped in stage {run.current_stage}",
        text=f"{run.reason.rstrip('.')}.",
        hint="What was made is safe. A new run takes what is left.",
        actions=(_errors(run), CONFIGURE, RUN_NOW),
        pending=figures.pending,
    )


def _cancelled(run: AutomationRun, figures: Figures) -> StatusCard:
    finishing = f", finishing {counted(1, 'call')}" if figures.working else ""
    return StatusCard(
        state="ready",
        tone="ok" if figures.pending else "idle",
        icon="circle-check",
        motion="pulse" if figures.pending else "",
        title="Ready to run" if figures.pending else "Nothing is pending",
        text=f"Run {run.pk} was cancelled{finishing}",
        since=run.ended_at,
        hint="A new run takes what is left.",
        actions=(CONFIGURE, RUN_NOW),
        pending=figures.pending,
    )


def _completed(run: AutomationRun, figures: Figures) -> StatusCard:
    if figures.pending:
        return StatusCard(
            state="ready",
            tone="ok",
            icon="circle-check",
            motion="pulse",
            title="Ready to run",
            text=f"{_what_waits(figures)} Run {run.pk} {_ending(run)}",
            since=run.ended_at,
            actions=(*_review(figures, "btn-amber"), CONFIGURE, RUN_NOW),
            pending=figures.pending,
        )
    return StatusCard(
        state="completed",
        tone="ok",
        icon="check",
        ring=100,
        title="Run complete" if look_of(run) is LOOKS[run.status] else look_of(run).word,
        text=_result(run, figures),
        hint=_cost(run),
        ended=run.ended_at,
        review=figures.review,
        actions=(CONFIGURE, *_review(figures, "btn-primary")),
    )


def _errors(run: AutomationRun) -> Action:
    return Action(
        "View Errors",
        "list-checks",
        "automation:run",
        "page",
        "btn-ghost",
        query="?tab=errors",
        run=run.pk,
    )


def _review(figures: Figures, manner: str) -> tuple[Action, ...]:
    if not figures.review:
        return ()
    title = REVIEW.title.format(counted(figures.review, "article"))
    return (Action(title, REVIEW.icon, REVIEW.address, REVIEW.opens, manner, REVIEW.query),)


def _what_waits(figures: Figures) -> str:
    """`47 keywords and 3 ideas wait.`"""
    waiting = [
        f"{number:,} {stage_number(n).takes[number != 1]}"
        for n, number in figures.waiting.items()
        if number
    ]
    listed = ", ".join(waiting[:-1]) + " and " + waiting[-1] if waiting[1:] else "".join(waiting)
    return f"{listed} {'waits' if figures.pending == 1 else 'wait'}."


def _doing(run: AutomationRun, figures: Figures) -> str:
    if run.waiting_for.startswith(DELAY):
        seconds = int(run.waiting_for.removeprefix(DELAY) or 0)
        return f"A short wait of {duration(seconds)} before the next request"
    if not figures.working:
        return stage_number(run.current_stage).title
    names = figures.working
    if len(names) > 1:
        return DOING[run.current_stage].format(stage_number(run.current_stage).count(len(names)))
    return DOING[run.current_stage].format(f"“{names[0].translate(INNER_QUOTES)}”")


def _pace_hint(run: AutomationRun, paces: Paces) -> str:
    if run.current_stage > len(WORK_STAGES):
        return ""
    result, stage = run.result(run.current_stage), stage_number(run.current_stage)
    total, processed = int(result.get("total", 0)), int(result.get("processed", 0))
    if not total:
        return ""
    number = f"{stage.takes[0].capitalize()} {min(processed + 1, total):,} of {total:,}"
    seconds = paces.seconds[stage.number]
    return f"{number} · about {duration(seconds)} each" if seconds >= 1 else number


def _ending(run: AutomationRun) -> str:
    if run.current_stage < len(STAGES):
        return f"stopped after stage {run.current_stage}, as asked"
    return look_of(run).word.lower()


def _result(run: AutomationRun, figures: Figures) -> str:
    made = list(_made(run))
    if not any(run.result(stage.number).get("total") for stage in WORK_STAGES):
        return "There was nothing to do."
    if not made:
        return "What waited is done; no article was due."
    listed = " and ".join(filter(None, (", ".join(made[:-1]), made[-1])))
    return f"{listed[0].upper()}{listed[1:]} made. {_next(figures)}"


def _made(run: AutomationRun) -> Iterator[str]:
    for number, noun in ((4, "article"), (6, "image")):
        if created := int(run.result(number).get("created", 0)):
            yield counted(created, noun)


def _next(figures: Figures) -> str:
    return "They wait for your review." if figures.review else "Nothing waits for review."


def _cost(run: AutomationRun) -> str:
    took = duration((run.ended_at - run.started_at).total_seconds()) if run.ended_at else ""
    return " · ".join(filter(None, (f"{credits_text(run.credits_used)} credits", took)))
