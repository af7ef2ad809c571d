"""The page where a site words its prompts: the list, the text, its faults, what a model gets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from igny8.ai.connections import Step
from igny8.ai.errors import DeclinedError
from igny8.ai.models import AIConnection, PromptOverride
from igny8.ai.prompts.overrides import InUse, prompt_at, prompt_history, prompts_in_use
from igny8.ai.prompts.trial import Preview, preview_prompt
from igny8.ai.prompts.validation import DATA, LONGEST_TEMPLATE, Problem, PromptError
from igny8.ai.prompts.variables import Variable, VariableKind, variables_of
from igny8.automation.presenters.looks import STAGE_ICONS, counted
from igny8.automation.presenters.prompt_changes import ChangedLine, changes
from igny8.automation.prompt_items import Item, item_of
from igny8.automation.prompts import PROMPTS, Prompt
from igny8.automation.stages import stage_number
from igny8.automation.trials import Trial, step_of, trial_price
from igny8.credits.estimate import tokens_in
from igny8.sites.models import Site

LONGEST_EXAMPLE = 60
LINES_NUMBERED = 2000
HISTORY_SHOWN = 6


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the list of prompts."""

    name: str
    title: str
    stage: int
    icon: str
    state: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A variable: what it is, an example of it, and whether it is missing from the text."""

    name: str
    kind: str
    example: str
    is_shown: bool
    is_needed: bool
    is_missing: bool

    @property
    def written(self) -> str:
        return f"{{{{ {self.name} }}}}"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The prompt as a model would get it, in three parts: the middle one is the data."""

    before: str
    data: str
    after: str
    tokens: int


@dataclass(frozen=True, kw_only=True)
class Version:
    """One line of the history."""

    number: int
    icon: str
    title: str
    by: str
    made_at: datetime
    is_newest: bool


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What somebody else saved while this text was being written, and how this one differs."""

    version: int
    by: str
    lines: Sequence[ChangedLine]


@dataclass(frozen=True, kw_only=True)
class PromptPage:
    """`version` is in use, `after` the one that the text was made from."""

    name: str
    title: str
    stage: int
    work: str
    model: str
    text: str
    version: int
    after: int
    is_own: bool
    problems: Sequence[Problem]
    lines: Sequence[tuple[int, bool]]
    length: str
    chips: Sequence[Chip]
    about: str
    shown: Shown | None
    price: str
    history: Sequence[Version]
    versions: int
    saved: Saved | None
    trial: Trial | None

    @property
    def next_version(self) -> int:
        return self.version + 1

    @property
    def problem_count(self) -> str:
        return counted(len(self.problems), "problem")

    @property
    def offered(self) -> list[Chip]:
        """What may stand in the text."""
        return [chip for chip in self.chips if chip.is_shown]


def entries(site: Site, current: str) -> list[Entry]:
    used = prompts_in_use(site)
    return [
        Entry(
            name=prompt.function.name,
            title=prompt.title,
            stage=prompt.stage,
            icon=STAGE_ICONS[prompt.stage],
            state=state_of(used.get(prompt.function.name, InUse())),
            is_current=prompt.function.name == current,
        )
        for prompt in PROMPTS
    ]


def state_of(used: InUse) -> str:
    return f"Custom, version {used.version}" if used.is_own else "Default"


def prompt_page(
    prompt: Prompt,
    site: Site,
    *,
    text: str | None = None,
    after: int | None = None,
    trial: Trial | None = None,
) -> PromptPage:
    """`text` and `after` as somebody has them before their eyes; without, what is in use."""
    history = prompt_history(prompt.function, site)
    version = history[0].version if history else 0
    in_use = prompt_at(prompt.function, site, version)
    written = in_use if text is None else text
    item, step = item_of(prompt, site), step_of(prompt, site)
    preview, problems = _preview(prompt, written, item)
    seen = version if after is None else after
    return PromptPage(
        name=prompt.function.name,
        title=prompt.title,
        stage=prompt.stage,
        work=stage_number(prompt.stage).title,
        model=_asked(step),
        text=written,
        version=version,
        after=seen,
        is_own=bool(history and history[0].text),
        problems=problems,
        lines=list(_lines(written, problems)),
        length=_length(written),
        chips=list(_chips(prompt, item, problems)),
        about=item.about,
        shown=_shown(preview) if preview else None,
        price=trial_price(prompt, written, item, site),
        history=[_version(row, version) for row in history[:HISTORY_SHOWN]],
        versions=len(history),
        saved=_saved(history[0], in_use, written) if history and seen != version else None,
        trial=trial,
    )


def _asked(step: Step) -> str:
    is_sample = step.connection.kind == AIConnection.Kind.SAMPLE
    return "the built-in sample" if is_sample else f"{step.model} at {step.connection.name}"


def _preview(prompt: Prompt, text: str, item: Item) -> tuple[Preview | None, Sequence[Problem]]:
    try:
        return preview_prompt(prompt.function, text, item.question), ()
    except PromptError as error:
        return None, error.problems
    except DeclinedError as error:
        said = str(error)
        return None, [Problem(0, f"{said[:1].upper()}{said[1:]}.")]


def _lines(text: str, problems: Sequence[Problem]) -> Iterator[tuple[int, bool]]:
    wrong = {problem.line for problem in problems}
    for number in range(1, min(text.count("\n") + 1, LINES_NUMBERED) + 1):
        yield number, number in wrong


def _length(text: str) -> str:
    lines = counted(text.count("\n") + 1, "line")
    most = f"{LONGEST_TEMPLATE:,}"
    return f"{lines} · {len(text):,} of {most} characters · about {tokens_in(text):,} tokens"


def _chips(prompt: Prompt, item: Item, problems: Sequence[Problem]) -> Iterator[Chip]:
    told = {"question": item.question.model_dump(mode="json")}
    complaints = " ".join(problem.message for problem in problems if not problem.line)
    for one in variables_of(prompt.function):
        yield Chip(
            name=one.name,
            kind=str(one.kind),
            example=_example(one, told),
            is_shown=one.is_shown,
            is_needed=one.is_needed,
            is_missing=one.is_needed and f"{{{{ {one.name} }}}}" in complaints,
        )


def _example(variable: Variable, told: Mapping[str, Any]) -> str:
    if variable.kind is VariableKind.GROUP:
        return "its fields" if "." in variable.name else "all of it, as one line of data"
    value: Any = told
    for step in variable.name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if variable.kind is VariableKind.LIST:
        return counted(len(value or ()), "entry", "entries")
    if variable.kind is VariableKind.SWITCH:
        return "yes" if value else "no"
    text = "none" if value is None else str(value) or "empty"
    return text if len(text) <= LONGEST_EXAMPLE else text[: LONGEST_EXAMPLE - 1] + "…"


def _shown(preview: Preview) -> Shown:
    before, marker, rest = preview.text.partition(f"{DATA}\n")
    data, line_end, after = rest.partition("\n")
    return Shown(before=before + marker, data=data, after=line_end + after, tokens=preview.tokens)


def _version(row: PromptOverride, newest: int) -> Version:
    return Version(
        number=row.version,
        icon="pen-line" if row.text else "undo-2",
        title=f"Version {row.version}" + ("" if row.text else ", reset to the default"),
        by=row.made_by,
        made_at=row.made_at,
        is_newest=row.version == newest,
    )


def _saved(newest: PromptOverride, in_use: str, written: str) -> Saved:
    return Saved(version=newest.version, by=newest.made_by, lines=list(changes(in_use, written)))
