"""The plain page that shows a site's pipeline."""

import re
from dataclasses import replace

import pytest

from igny8.automation.status_page import (
    LOOKS,
    LogLine,
    RunState,
    RunStatus,
    SiteLink,
    StageCard,
    StageStatus,
    StatusPage,
    render,
)

HOSTILE = "\"><script>alert(1)</script>'&"
SITE = SiteLink(name="Herbs", slug="herbs")
TITLES = (
    "Keywords → Clusters",
    "Clusters → Ideas",
    "Ideas → Tasks",
    "Tasks → Content",
    "Content → Image Prompts",
    "Image Prompts → Images",
    "Manual Review Gate",
)
PAGE = StatusPage(
    version="0.1.0",
    sites=(SITE,),
    site=SITE,
    run=RunState(status=RunStatus.RUNNING, text="Writing “Grow Basil”", stage=4, percent=32),
    stages=tuple(StageCard(number=n, title=title) for n, title in enumerate(TITLES, start=1)),
    refresh_seconds=2,
)


def test_all_eight_stages_are_shown() -> None:
    html = render(PAGE)
    assert [int(n) for n in re.findall(r'id="stage-(\d)"', html)] == list(range(1, 9))
    assert all(title in html for title in TITLES)
    assert "Automation Stops Here" in html
    assert "Current Status" in html


@pytest.mark.parametrize("page", [replace(PAGE, review=1), StatusPage(version="0.1.0")])
def test_no_template_tag_is_left_in_the_page(page: StatusPage) -> None:
    assert not re.search(r"\{\{|\{%|\{#", render(page))


def test_the_page_asks_for_itself_again() -> None:
    assert '<meta http-equiv="refresh" content="2">' in render(PAGE)


@pytest.mark.parametrize(
    "page",
    [
        replace(PAGE, site=SiteLink(name=HOSTILE, slug=HOSTILE), review=2),
        replace(PAGE, run=RunState(status=RunStatus.FAILED, text=HOSTILE)),
        replace(PAGE, log=(LogLine(time="10:00:00", message=HOSTILE),)),
        replace(PAGE, stages=(StageCard(number=1, title=HOSTILE, errors=HOSTILE),)),
    ],
    ids=["site", "run", "log", "stage"],
)
def test_hostile_text_is_shown_and_never_becomes_markup(page: StatusPage) -> None:
    html = render(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html


def test_nothing_is_asked_of_another_machine() -> None:
    html = render(replace(PAGE, review=1))
    assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", html)
    assert "@import" not in html
    assert "url(http" not in html


def test_an_empty_installation_teaches_three_commands() -> None:
    html = render(StatusPage(version="0.1.0"))
    assert re.findall(r"<pre[^>]*><code>(.*?)</code>", html) == [
        "igny8 demo",
        "igny8 import keywords.csv --site my-site",
        "igny8 run --site my-site",
    ]
    assert "Stage 1" not in html


def test_a_site_without_a_run_is_ready() -> None:
    html = render(replace(PAGE, run=RunState()))
    assert "Ready to run" in html
    assert "No run yet" in html


def test_articles_at_the_gate_are_counted_and_can_be_written_out() -> None:
    html = render(replace(PAGE, review=39))
    assert "<b>39</b>" in html
    assert "igny8 export --site herbs --to articles" in html


def test_the_review_page_is_linked_where_there_is_one() -> None:
    html = render(replace(PAGE, review=1, review_url="/content/?status=review"))
    assert '<a class="btn btn-amber" href="/content/?status=review">Go to Review Page</a>' in html
    assert "igny8 export" not in html


def test_publishing_without_review_is_never_offered() -> None:
    html = render(replace(PAGE, review=39))
    assert re.search(r"<button[^>]*aria-disabled=\"true\"[^>]*>Publish Without Review", html)


def test_the_chosen_site_is_marked_in_the_picker() -> None:
    other = SiteLink(name="Coffee", slug="coffee & tea")
    html = render(replace(PAGE, sites=(SITE, other)))
    assert re.search(r'href="\?site=herbs"\s+aria-current="page"', html)
    assert 'href="?site=coffee%20%26%20tea"' in html
    assert html.count('aria-current="page"') == 1


def test_the_newest_line_of_the_log_stands_first() -> None:
    log = (
        LogLine(time="10:00:00", message="line one"),
        LogLine(time="10:00:01", message="line two"),
    )
    html = render(replace(PAGE, log=log))
    assert html.index("line two") < html.index("line one")


@pytest.mark.parametrize(
    ("line", "manner"),
    [
        (LogLine(time="", level="error", message="Task 1 failed"), "is-bad"),
        (LogLine(time="", level="warning", message="Verified: late"), "is-warn"),
        (LogLine(time="", message="Stage 1 → Stage 2: Verified: 0 keywords pending"), "is-ok"),
        (LogLine(time="", message="Waiting 3 seconds before next batch..."), "is-quiet"),
        (LogLine(time="", message="Processing batch 1/3: 20 keywords"), ""),
    ],
)
def test_a_log_line_is_shown_by_what_it_means(line: LogLine, manner: str) -> None:
    assert line.manner == manner


@pytest.mark.parametrize("status", list(RunStatus))
def test_every_status_of_a_run_has_a_word_and_an_icon_on_the_page(status: RunStatus) -> None:
    html = render(replace(PAGE, run=RunState(status=status, stage=4)))
    assert f"<b>{LOOKS[status].word}</b>" in html
    assert f'<symbol id="i-{LOOKS[status].icon}"' in html


@pytest.mark.parametrize("status", list(StageStatus))
def test_every_status_of_a_stage_has_a_word_and_an_icon_on_the_page(status: StageStatus) -> None:
    html = render(replace(PAGE, stages=(StageCard(number=1, title="", status=status),)))
    assert LOOKS[status].word in html
    assert f'<symbol id="i-{LOOKS[status].icon}"' in html


def test_a_skipped_stage_says_so_instead_of_showing_a_bar() -> None:
    card = StageCard(number=1, title="", status=StageStatus.SKIPPED)
    html = render(replace(PAGE, stages=(card,)))
    assert "Skipped: nothing was waiting here" in html
    assert "Stage 1 progress" not in html


@pytest.mark.parametrize(
    ("percent", "tone"),
    [(0, "idle"), (1, "bad"), (24, "bad"), (25, "warn"), (75, "warn"), (76, "ok"), (100, "ok")],
)
def test_the_percentage_has_the_tone_of_its_range(percent: int, tone: str) -> None:
    assert StageCard(number=1, title="", percent=percent).tone == tone


@pytest.mark.parametrize(
    ("status", "percent", "motion"),
    [
        (StageStatus.RUNNING, 40, "is-moving"),
        (StageStatus.DONE, 100, "is-full"),
        (StageStatus.FAILED, 40, "is-broken"),
        (StageStatus.PAUSED, 40, ""),
    ],
)
def test_a_bar_moves_only_while_its_stage_works(
    status: StageStatus, percent: int, motion: str
) -> None:
    assert StageCard(number=1, title="", status=status, percent=percent).motion == motion


def test_the_tab_names_the_percentage_of_a_running_run() -> None:
    assert PAGE.title == "32% · Herbs · IGNY8"
    assert replace(PAGE, run=RunState(status=RunStatus.PAUSED)).title == "Paused · Herbs · IGNY8"
