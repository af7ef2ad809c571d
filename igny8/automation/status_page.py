"""One plain page that shows a site's pipeline and reloads itself; no script, nothing fetched."""

from dataclasses import dataclass
from enum import StrEnum

from django.template.loader import render_to_string

from igny8.automation.stylesheet import inlined

REFRESH_RUNNING_SECONDS = 2
REFRESH_IDLE_SECONDS = 15
PIPELINE_STAGES = 7


class RunStatus(StrEnum):
    """The statuses of a run, as the pipeline stores them; `ready` before any run."""

    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class StageStatus(StrEnum):
    """The statuses of a stage in a run, as the pipeline stores them."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    PAUSED = "paused"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Look:
    """How a status is shown: its word, its tone and its icon; never colour alone."""

    word: str
    tone: str
    icon: str


LOOKS = {
    "ready": Look("Ready", "ok", "circle-check"),
    "waiting": Look("Waiting", "idle", "clock"),
    "running": Look("Running", "run", "loader-circle"),
    "done": Look("Done", "ok", "check"),
    "skipped": Look("Skipped", "idle", "circle-minus"),
    "completed": Look("Completed", "ok", "check"),
    "paused": Look("Paused", "warn", "pause"),
    "failed": Look("Failed", "bad", "x"),
    "cancelled": Look("Cancelled", "warn", "ban"),
}
HEADLINES = {
    RunStatus.READY: "Ready to run",
    RunStatus.RUNNING: "Running stage {stage}",
    RunStatus.PAUSED: "Paused in stage {stage}",
    RunStatus.FAILED: "Stopped in stage {stage}",
    RunStatus.CANCELLED: "Cancelled in stage {stage}",
    RunStatus.COMPLETED: "Run complete",
}
BAR_MOTIONS = {"running": "is-moving", "failed": "is-broken"}
LEVEL_MANNERS = {"error": "is-bad", "warning": "is-warn"}
STAGE_ICONS = {
    1: "key-round",
    2: "layers",
    3: "lightbulb",
    4: "pen-line",
    5: "image-plus",
    6: "images",
}


@dataclass(frozen=True, kw_only=True)
class SiteLink:
    """An entry of the site picker."""

    name: str
    slug: str


@dataclass(frozen=True, kw_only=True)
class StageCard:
    """One stage as the page shows it; texts are ready to read (`14 clusters`, `0 (0%)`)."""

    number: int
    title: str
    status: StageStatus = StageStatus.WAITING
    total: int = 0
    processed: int = 0
    remaining: int = 0
    created: str = ""
    percent: int = 0
    credits: str = "0"
    eta: str = "–"
    errors: str = "0"
    has_high_errors: bool = False
    started: str = "–"
    ended: str = "–"

    @property
    def look(self) -> Look:
        return LOOKS[self.status]

    @property
    def icon(self) -> str:
        return STAGE_ICONS.get(self.number, "activity")

    @property
    def tone(self) -> str:
        """The percentage's tone: nothing yet, below 25, up to 75, above."""
        if self.percent == 0:
            return "idle"
        if self.percent < 25:
            return "bad"
        return "warn" if self.percent <= 75 else "ok"

    @property
    def motion(self) -> str:
        return bar_motion(self.status, self.percent)


@dataclass(frozen=True, kw_only=True)
class RunState:
    """The active or newest run in words; `stage` counts to seven, 0 before any run."""

    status: RunStatus = RunStatus.READY
    text: str = "No run yet. Start one with igny8 run."
    run_id: str = "–"
    stage: int = 0
    percent: int = 0
    credits: str = "0"
    eta: str = "–"
    started: str = "–"

    @property
    def look(self) -> Look:
        return LOOKS[self.status]

    @property
    def headline(self) -> str:
        """`Running stage 4 of 7`, `Run complete`."""
        return HEADLINES[self.status].format(stage=self.stage_text)

    @property
    def stage_text(self) -> str:
        return f"{self.stage} of {PIPELINE_STAGES}" if self.stage else "–"

    @property
    def motion(self) -> str:
        return bar_motion(self.status, self.percent)


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """A line of the run log; `time` is ready to read, `stage` None for the run itself."""

    time: str
    message: str
    level: str = "info"
    stage: int | None = None

    @property
    def manner(self) -> str:
        """The line's style class: an error, a warning, a check that passed, a delay, or plain."""
        if self.level in LEVEL_MANNERS:
            return LEVEL_MANNERS[self.level]
        if "Verified:" in self.message:
            return "is-ok"
        return "is-quiet" if self.message.startswith(("Waiting", "Delay")) else ""


@dataclass(frozen=True, kw_only=True)
class StatusPage:
    """The whole page: `site` None is an installation without one; `log` comes oldest first.

    Without a `review_url` the review card names the command that writes the articles out.
    """

    version: str
    sites: tuple[SiteLink, ...] = ()
    site: SiteLink | None = None
    run: RunState = RunState()
    stages: tuple[StageCard, ...] = ()
    pending: int = 0
    review: int = 0
    review_url: str = ""
    log: tuple[LogLine, ...] = ()
    refresh_seconds: int = REFRESH_IDLE_SECONDS

    @property
    def title(self) -> str:
        """What the browser's tab says: the site with its percentage while it runs."""
        if self.site is None:
            return "IGNY8"
        if self.run.status is RunStatus.RUNNING:
            return f"{self.run.percent}% · {self.site.name} · IGNY8"
        return f"{self.run.look.word} · {self.site.name} · IGNY8"

    @property
    def newest_first(self) -> tuple[LogLine, ...]:
        return self.log[::-1]


def render(page: StatusPage) -> str:
    """The page as one HTML document that asks for itself again after `refresh_seconds`."""
    return render_to_string("automation/status.html", {"page": page, "css": inlined("status.css")})


def bar_motion(status: RunStatus | StageStatus, percent: int) -> str:
    """A bar's style class: full, moving while work is done, striped after a failure, or still."""
    return "is-full" if percent == 100 else BAR_MOTIONS.get(status, "")
