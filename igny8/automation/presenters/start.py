"""What a run would cost and take, as the dialog before it says."""

from collections.abc import Iterator
from dataclasses import dataclass

from igny8.automation.confirming import ToType, limits_passed
from igny8.automation.estimates import Estimate, credits_text_of, unpriced_text
from igny8.automation.models import AutomationConfig
from igny8.automation.presenters.looks import STAGE_ICONS
from igny8.automation.stages import stage_number
from igny8.automation.wording import duration


@dataclass(frozen=True, kw_only=True)
class EstimateRow:
    number: int
    title: str
    icon: str
    items: str
    time: str
    credits: str


@dataclass(frozen=True, kw_only=True)
class StartSheet:
    """`delays` are their own line; `budget` says which limits the run would pass, `unpriced` which
    models have no known price, `to_type` what a person must write to start it."""

    rows: tuple[EstimateRow, ...]
    credits: str
    work: str
    delays: str
    total: str
    is_empty: bool
    budget: str
    unpriced: str
    to_type: ToType | None


def start_sheet(expected: Estimate, config: AutomationConfig, to_type: ToType | None) -> StartSheet:
    work = expected.work_seconds
    return StartSheet(
        rows=tuple(_rows(expected)),
        credits=credits_text_of(expected.credits),
        work=f"about {duration(work)}",
        delays=duration(expected.delay_seconds) if expected.delay_seconds else "none",
        total=f"about {duration(work + expected.delay_seconds)}",
        is_empty=expected.is_empty,
        budget=", ".join(limit.text for limit in limits_passed(expected, config)),
        unpriced=unpriced_text(expected.unpriced) if expected.unpriced else "",
        to_type=to_type,
    )


def _rows(expected: Estimate) -> Iterator[EstimateRow]:
    for number, items in expected.totals.items():
        is_known = expected.waiting[number] == items
        yield EstimateRow(
            number=number,
            title=stage_number(number).title,
            icon=STAGE_ICONS[number],
            items=f"{'' if is_known else '~'}{items:,}",
            time=duration(expected.seconds(number)) if items else "–",
            credits=expected.credits_text(number) if items else "–",
        )
