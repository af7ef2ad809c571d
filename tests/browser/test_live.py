"""What is looked at keeps itself true, and leaves the person's place alone."""

from playwright.sync_api import expect

from tests.browser.conftest import Open, Server, change

RUNNING = "/s/running/automation/"


def test_a_change_is_seen_within_three_seconds(open_page: Open, showroom: Server) -> None:
    page = open_page(RUNNING)
    change(
        showroom,
        "UPDATE igny8_automation_runs SET version = version + 1, percent = 77 "
        "WHERE site_id = (SELECT id FROM igny8_sites WHERE slug = 'running')",
    )

    expect(page.locator(".overall-h .pct")).to_contain_text("77%", timeout=3000)
    assert page.title().startswith("~77%")


def test_focus_scroll_and_nodes_stay_when_the_page_refreshes(
    open_page: Open, showroom: Server
) -> None:
    page = open_page(RUNNING, height=500)
    page.focus("#row-configure")
    page.evaluate("scrollTo(0, 400)")
    page.evaluate("window.kept = [...document.querySelectorAll('#live [id]')]")
    asked: list[str] = []
    page.on("response", lambda r: asked.append(f"{r.status}") if "/live" in r.url else None)
    for number in range(2):
        change(
            showroom,
            "UPDATE igny8_automation_runs SET version = version + 1 "
            "WHERE site_id = (SELECT id FROM igny8_sites WHERE slug = 'running')",
        )
        page.wait_for_timeout(2600 + number)

    assert "200" in asked
    assert page.evaluate("document.activeElement.id") == "row-configure"
    assert page.evaluate("scrollY") == 400
    assert page.evaluate("kept.every((node) => document.getElementById(node.id) === node)")


def test_nothing_changed_is_answered_with_204(open_page: Open) -> None:
    page = open_page(RUNNING)
    with page.expect_response(lambda r: "/live" in r.url and r.status == 204, timeout=12000):
        pass


def test_a_hidden_tab_does_not_ask(open_page: Open) -> None:
    page = open_page(RUNNING)
    page.evaluate(
        "Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/live" in r.url else None)
    page.wait_for_timeout(5000)
    assert asked == []


def test_while_nothing_runs_it_asks_every_fifteen_seconds(open_page: Open) -> None:
    page = open_page("/s/completed/automation/")
    assert page.get_attribute("#live", "data-live") == "15"
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/live" in r.url else None)
    page.wait_for_timeout(8000)
    assert asked == []
    page.wait_for_timeout(9000)
    assert len(asked) == 1


def test_reading_and_run_pause_cancel_work_without_javascript(open_page: Open, paused: str) -> None:
    page = open_page("/s/ready/automation/", java_script_enabled=False)
    page.click("#row-run-now")
    page.wait_for_url("**/automation/start")
    assert "Run now?" in page.inner_text("main")
    page = open_page(paused, java_script_enabled=False)
    page.click("#act-play")
    page.wait_for_selector("#pipeline-status[data-state=running]")
    page.click("#act-pause")
    page.wait_for_selector("#pipeline-status[data-state=paused]")
    assert "Paused by Mara Kellner" in page.inner_text("#pipeline-status")
    page.click("text=Cancel run")
    page.wait_for_url("**/automation/cancel")
    page.click("main button:has-text('Cancel run')")
    page.wait_for_url("**/automation/")
    assert "was cancelled" in page.inner_text("#pipeline-status")


def test_a_page_left_open_shows_a_run_that_starts_by_itself(
    open_page: Open, showroom: Server
) -> None:
    page = open_page("/s/cancelled/automation/")
    page.evaluate("window.stayed = true")
    change(
        showroom,
        "UPDATE igny8_automation_runs SET status = 'running', ended_at = NULL, "
        "version = version + 1 "
        "WHERE site_id = (SELECT id FROM igny8_sites WHERE slug = 'cancelled')",
    )

    expect(page.locator("#pipeline-status")).to_have_attribute(
        "data-state", "running", timeout=18_000
    )
    assert page.evaluate("window.stayed")


def test_the_page_of_a_run_and_the_history_follow_it(open_page: Open, showroom: Server) -> None:
    history = open_page("/s/running/runs/")
    page = open_page("/s/running/runs/")
    page.click("tbody a")
    page.wait_for_selector(".gantt")
    page.focus(".tabs a >> nth=1")
    change(
        showroom,
        "UPDATE igny8_automation_runs SET status = 'completed', current_stage = 7, "
        "ended_at = started_at, version = version + 1 "
        "WHERE site_id = (SELECT id FROM igny8_sites WHERE slug = 'running')",
    )

    for each in (page, history):
        expect(each.locator(".badge >> nth=0")).to_contain_text("Completed", timeout=8000)
        assert each.locator("[data-live]").count() == 0, "it rests once nothing runs"
    assert page.evaluate("document.activeElement.textContent").startswith("Errors")
    change(
        showroom,
        "UPDATE igny8_automation_runs SET status = 'running', current_stage = 4, "
        "ended_at = NULL, version = version + 1 "
        "WHERE site_id = (SELECT id FROM igny8_sites WHERE slug = 'running')",
    )


def test_a_parked_item_shows_its_error_and_is_retried(open_page: Open) -> None:
    page = open_page("/s/failed/automation/")
    page.click("#stage-4 >> text=View Errors")
    page.wait_for_url("**/?tab=errors&stage=4")
    assert "The answer had no usable outline" in page.inner_text("main")
    assert "Parked Burr or blade" in page.inner_text(".log"), "the log, filtered to errors"
    assert "Verified" not in page.inner_text(".log")
    buttons = page.locator("#cause-1 .eg-f button").all_inner_texts()
    assert [text.split(" · ")[1] for text in buttons] == ["~26 credits"] * 2
    page.click("button:has-text('Allow 4 attempts and retry 5 tasks')")
    page.wait_for_selector("text=Back in the queue: 5 tasks. An item may have 4 attempts now.")
    assert page.locator("button:has-text('Retry 5 tasks')").count() == 0
