"""What cards say for a run's rows, without a page around them."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from igny8.automation.figures import Count, Figures
from igny8.automation.models import AutomationConfig, AutomationRun
from igny8.automation.presenters.batch_sizes import batch_sizes, cut_text
from igny8.automation.presenters.looks import bar_manner, percent_tone
from igny8.automation.presenters.overall import current_status, no_overall, overall_of
from igny8.automation.presenters.pace import paces_of
from igny8.automation.presenters.page import automation_page
from igny8.automation.presenters.run_rows import gantt, run_row
from igny8.automation.presenters.schedule_row import schedule_row, schedule_text
from igny8.automation.presenters.stage_card import resting_card, stage_card
from igny8.automation.presenters.status_card import status_card
from igny8.automation.stages import stage_number
from igny8.sites.models import Site

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
CONFIG = {
    "within_stage_delay": 0,
    "between_stage_delay": 0,
    "alert_error_percent": 5,
    "alert_over_estimate_percent": 20,
}


def result(**values: Any) -> dict[str, Any]:
    known = {"opened": True, "status": "running", "total": 56, "processed": 33, "left": 23}
    return {**known, "created": 31, "failed": 2, "credits": "172", **values}


def run_at(stage: int = 4, status: str = "running", **values: Any) -> AutomationRun:
    run = AutomationRun(pk=87, status=status, current_stage=stage, config=CONFIG, started_at=NOW)
    run.estimate = {
        "credits": {"low": "760", "high": "842"},
        "stages": [
            {"number": 4, "items": 56, "seconds": 3360, "credits": {"low": "260", "high": "280"}}
        ],
    }
    run.stage_4_result = result()
    for name, value in values.items():
        setattr(run, name, value)
    return run


def figures(**values: Any) -> Figures:
    names = ("keywords", "clusters", "ideas", "tasks", "content", "images")
    known: dict[str, Any] = {
        "counts": dict.fromkeys(names, Count()),
        "waiting": dict.fromkeys(range(1, 7), 0),
        "by_status": {},
    }
    return Figures(**{**known, **values})


def card_of(run: AutomationRun, found: Figures | None = None, stage: int = 4) -> Any:
    found = found or figures()
    return stage_card(stage_number(stage), run, paces_of(run, found))


def status_of(run: AutomationRun | None, found: Figures) -> Any:
    return status_card(run, found, paces_of(run, found) if run else None)


def test_a_running_stage_shows_all_its_figures() -> None:
    card = card_of(run_at())

    assert (card.total, card.processed, card.remaining) == ("56", 33, "23")
    assert card.created == "31 content pieces"
    assert (card.percent, card.tone, card.bar) == (58, "warn", "on")
    assert (card.credits, card.credits_expected) == ("172", "280")
    assert card.errors == "2 (6.1%)"
    assert card.is_active


def test_above_the_limit_errors_are_highlighted() -> None:
    assert card_of(run_at()).has_high_errors
    assert not card_of(run_at(stage_4_result=result(failed=1))).has_high_errors


def test_more_than_a_fifth_over_the_estimate_is_marked() -> None:
    assert card_of(run_at(stage_4_result=result(credits="336"))).over_percent == 0
    assert card_of(run_at(stage_4_result=result(credits="342"))).over_percent == 22


def test_a_forecast_is_marked_as_one() -> None:
    run = run_at(stage_6_result={"status": "waiting", "forecast": 224, "waiting": 0})

    card = card_of(run, stage=6)
    assert (card.total, card.remaining, card.percent, card.bar) == ("~224", "~224", 0, "")
    assert card.look.word == "Waiting"


def test_a_full_stage_has_its_time_and_a_solid_bar() -> None:
    whole = result(
        status="done",
        processed=56,
        left=0,
        started_at="2026-01-05T10:44:00+00:00",
        ended_at="2026-01-05T11:48:00+00:00",
    )

    card = card_of(run_at(stage=5, stage_4_result=whole))
    assert (card.percent, card.tone, card.bar) == (100, "ok", "done")
    assert (card.eta_label, card.eta) == ("Took", "1 h 04 min")


def test_the_time_left_follows_the_newest_batches() -> None:
    quick = figures(recent=((1, 10.0), (1, 10.0), (1, 10.0)))

    assert card_of(run_at()).eta == "23 minutes"
    assert card_of(run_at(), quick).eta == "4 minutes"


def test_without_history_the_time_left_is_said_to_be_a_guess() -> None:
    run = run_at(estimate={"stages": []})

    assert card_of(run).eta.startswith("about ")


def test_a_site_that_never_ran_shows_what_waits() -> None:
    waiting, empty = resting_card(stage_number(1), 47), resting_card(stage_number(2), 0)

    assert (waiting.look.word, waiting.total, waiting.remaining) == ("Ready", "47", "47")
    assert empty.look.word == "Empty"


@pytest.mark.parametrize(
    ("percent", "tone"),
    [(0, "idle"), (1, "bad"), (24, "bad"), (25, "warn"), (75, "warn"), (76, "ok"), (100, "ok")],
)
def test_percentages_have_the_tones_of_the_product(percent: int, tone: str) -> None:
    assert percent_tone(percent) == tone


@pytest.mark.parametrize(
    ("state", "percent", "manner"),
    [
        ("waiting", 0, ""),
        ("running", 0, "on"),
        ("running", 40, "on"),
        ("paused", 40, "hold"),
        ("failed", 40, "err hold"),
        ("done", 100, "done"),
    ],
)
def test_bars_are_outlined_moving_or_solid(state: str, percent: int, manner: str) -> None:
    assert bar_manner(state, percent) == manner


@pytest.mark.parametrize(
    ("run", "state", "title"),
    [
        (run_at(), "running", "Running stage 4 of 7"),
        (run_at(waiting_for="The provider asks for a pause", wake_at=NOW), "waiting", "Waiting in"),
        (run_at(status="paused", reason="Paused by a person"), "paused", "Paused in stage 4"),
        (run_at(status="failed", reason="Stage 4 incomplete"), "failed", "Stopped in stage 4"),
        (
            run_at(status="completed", stage=7, stage_4_result=result(failed=0)),
            "completed",
            "Run complete",
        ),
        (run_at(status="cancelled"), "ready", "Nothing is pending"),
        (None, "empty", "Bring your first keywords"),
    ],
)
def test_the_status_card_says_what_the_pipeline_does(
    run: AutomationRun | None, state: str, title: str
) -> None:
    card = status_of(run, figures())

    assert card.state == state
    assert card.title.startswith(title)


def test_what_waits_is_named_and_can_be_run() -> None:
    card = status_of(None, figures(waiting={**dict.fromkeys(range(1, 7), 0), 1: 47, 3: 1}))

    assert (card.state, card.motion) == ("ready", "pulse")
    assert card.text == "47 keywords and 1 idea wait."
    assert card.big == ("48", "items pending")
    assert card.actions[-1].title == "Run Now"


def test_a_paused_run_with_a_call_in_flight_says_so() -> None:
    card = status_of(run_at(status="paused", reason="x"), figures(working=("An article",)))

    assert card.title == "Paused, finishing 1 call"


def test_a_run_that_somebody_paused_does_not_go_on_by_itself() -> None:
    """Its delay between two batches has an end, and means nothing now."""
    run = run_at(status="paused", reason_code="by_person", reason="Paused by Mara", wake_at=NOW)
    held = run_at(status="paused", reason_code="provider_down", reason="It is down.", wake_at=NOW)

    assert (status_of(run, figures()).text, status_of(run, figures()).until) == (
        "Paused by Mara",
        None,
    )
    assert status_of(held, figures()).text == "It is down; it tries again by itself at"


def test_a_name_with_quotes_stands_in_quotes_of_another_kind() -> None:
    card = status_of(run_at(), figures(working=("The part on “cost”",)))

    assert card.text == "Writing “The part on ‘cost’”"


def test_a_completed_run_leads_to_the_review() -> None:
    card = status_of(run_at(status="completed", stage=7), figures(by_status={"review": 56}))

    assert card.big == ("56", "to review")
    assert card.actions[-1].title == "Review 56 articles"


def test_the_whole_run_has_a_percentage_a_stage_and_a_time() -> None:
    run = run_at(percent=32)

    overall = overall_of(run, paces_of(run, figures()), NOW)
    assert (overall.percent_text, overall.stage) == ("~32%", "Stage 4/7")
    assert overall.at is not None
    assert overall.at > NOW
    assert overall.expected_text == " of ~760–842 estimated"


def test_the_time_that_a_run_waits_is_part_of_what_is_left() -> None:
    run = run_at(waiting_for="The provider asks for a pause", wake_at=NOW + timedelta(hours=1))
    paces = paces_of(run, figures())

    later = overall_of(run, paces, NOW).at
    run.wake_at = NOW
    at_once = overall_of(run, paces, NOW).at

    assert later is not None
    assert at_once is not None
    assert later - at_once == timedelta(hours=1)


def test_a_stage_that_waits_does_not_move() -> None:
    run = run_at(waiting_for="The provider asks for a pause", wake_at=NOW)
    card = card_of(run)

    assert (card.look.word, card.bar, card.is_active) == ("Waiting", "hold", True)
    assert overall_of(run, paces_of(run, figures()), NOW).bar == ""
    run.percent = 32
    assert overall_of(run, paces_of(run, figures()), NOW).bar == "hold"


def test_card_eight_says_that_a_run_waits() -> None:
    run = run_at(waiting_for="The provider asks for a pause", wake_at=NOW)

    current = current_status(run, overall_of(run, paces_of(run, figures()), NOW))

    assert (current.title, current.look.icon) == ("Waiting", "clock")


def test_a_run_that_parked_rows_says_how_many() -> None:
    run = run_at(stage=7, status="completed", stage_4_result=result(failed=1), ended_at=NOW)

    assert status_of(run, figures()).title == "Completed with 1 error"
    assert run_row(run, NOW).look.word == "Completed with 1 error"


def test_a_run_that_only_sorted_what_waited_had_something_to_do() -> None:
    sorted_in = result(created=0, failed=0, total=20, processed=20)
    run = run_at(stage=7, status="completed", stage_1_result=sorted_in, stage_4_result={})

    assert status_of(run, figures()).text == "What waited is done; no article was due."


def test_before_the_first_run_the_bar_says_what_it_is_expected_to_cost() -> None:
    assert no_overall("~760–842 credits").expected_text == " of ~760–842 estimated"
    assert no_overall("").expected_text == ""


@pytest.mark.parametrize(
    ("attention", "told"),
    [(0, []), (2, ["Error rate in"]), (3, ["Error rate in", "Needs attention: 3"])],
)
def test_what_needs_attention_is_told_once_and_only_while_it_does(
    attention: int, told: list[str]
) -> None:
    run = run_at(stage=7, status="completed", ended_at=NOW)
    counts = {**figures().counts, "tasks": Count(attention=attention)}
    config = AutomationConfig(site=Site(time_zone="UTC"), schedule="off")

    page = automation_page(config, run, figures(counts=counts), estimate="free", now=NOW)

    assert [
        banner.strong[: len(start)] for banner, start in zip(page.banners, told, strict=True)
    ] == told


def test_seven_keywords_at_size_twenty_are_one_batch_of_seven() -> None:
    assert batch_sizes(7, 20) == [7]
    assert cut_text(stage_number(1), 7, 20) == "7 keywords wait: 1 batch of 7"
    assert cut_text(stage_number(1), 47, 20) == "47 keywords wait: 3 batches of 20, 20 and 7"
    assert cut_text(stage_number(1), 95, 20) == "95 keywords wait: 5 batches of 20, the last of 15"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"schedule": "daily"}, "Every day at 6:00 AM"),
        ({"schedule": "weekly", "schedule_weekday": 4}, "Every Friday at 6:00 AM"),
        ({"schedule": "monthly", "schedule_day": 31}, "Last day of the month at 6:00 AM"),
        ({"schedule": "monthly", "schedule_day": 22}, "22nd of the month at 6:00 AM"),
        ({"schedule": "cron", "schedule_cron": "30 6 * * 1-5"}, "Cron: 30 6 * * 1-5"),
    ],
)
def test_schedules_are_said_in_words(values: dict[str, Any], text: str) -> None:
    assert schedule_text(AutomationConfig(schedule_time=time(6), **values)) == text


def test_run_now_says_why_it_cannot_be_pressed() -> None:
    config = AutomationConfig(site=Site(time_zone="UTC"))

    def why(run: AutomationRun | None, *, is_bare: bool = False) -> str:
        return schedule_row(config, run, estimate="free", is_bare=is_bare).why_not

    assert why(None, is_bare=True) == "Import keywords first"
    assert why(run_at()) == "Run 87 is under way"
    assert why(run_at(status="paused")) == "Run 87 is paused: resume or cancel it first"
    assert why(run_at(status="completed")) == ""


def test_an_unknown_price_is_never_shown_as_nothing_used() -> None:
    unpriced = {
        "credits": None,
        "unpriced": ["house-model"],
        "stages": [{"number": 4, "items": 56, "seconds": 3360, "credits": None}],
    }
    run = run_at(estimate=unpriced, stage_4_result=result(credits="0"))

    card = card_of(run)
    overall = overall_of(run, paces_of(run, figures()), NOW)

    assert (card.credits, card.credits_expected) == ("unknown", "unknown")
    assert (overall.credits, overall.expected_text) == ("unknown", "")


def test_a_completed_run_says_how_it_stands_to_its_estimate() -> None:
    def said(used: str) -> str:
        run = run_at(status="completed", credits_used=Decimal(used), ended_at=NOW)
        return run_row(run, NOW).against

    assert [said("800"), said("1000"), said("380")] == [
        "as estimated",
        "18% above it",
        "50% below it",
    ]


@pytest.mark.parametrize(
    ("began", "ended", "label"),
    [(0, 50, ""), (60, 110, "in"), (10, 115, "on")],
)
def test_the_time_of_a_stage_stands_where_there_is_room(began: int, ended: int, label: str) -> None:
    run = run_at(status="completed", ended_at=NOW + timedelta(minutes=120))
    at = {
        "started_at": (NOW + timedelta(minutes=began)).isoformat(),
        "ended_at": (NOW + timedelta(minutes=ended)).isoformat(),
    }
    run.stage_4_result = result(**at)

    row = list(gantt(run, NOW))[3]
    assert (row.number, row.label) == (4, label)
