"""The pages of a site's automation, asked for by people of each role."""

import re
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from igny8.accounts.models import Role
from igny8.automation.models import AutomationRun
from igny8.automation.reading import page_run
from igny8.automation.results import save_run
from igny8.automation.runs import active_run, config_of, pause_run, start_run
from igny8.planner.models import Keyword
from igny8.sites.models import Site
from tests.automation.world import Watched, fresh, phrases, site_with, task_of, until_it_rests
from tests.people import client_of, person_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker")]
SINCE = re.compile(r"since=([^&]+)&")
AT_MOST = 6


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    caches["fragments"].clear()


@pytest.fixture
def editor() -> Client:
    return client_of(person_with(Role.EDITOR))


def at(site: Site, path: str = "") -> str:
    return f"/s/{site.slug}/automation/{path}"


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_a_site_that_is_empty_is_told_what_to_do_first(editor: Client) -> None:
    text = text_of(editor, at(site_with()))

    assert "Bring your first keywords" in text
    assert "Import keywords first" in text


def test_all_eight_cards_are_there_in_every_state(editor: Client, provider: Watched) -> None:
    site = site_with(phrases(6))
    for _ in ("ready", "completed"):
        text = text_of(editor, at(site))
        assert [n for n in range(1, 9) if f'id="stage-{n}"' in text] == list(range(1, 9))
        until_it_rests(start_run(site))


@pytest.mark.parametrize("keywords", [3, 3000])
def test_the_live_part_takes_at_most_six_queries(editor: Client, keywords: int) -> None:
    site = site_with(phrases(keywords))
    run = start_run(site)
    editor.get(at(site))
    caches["fragments"].clear()

    with CaptureQueriesContext(connection) as queries:
        answer = editor.get(at(site, "live?since=none"))
    assert answer.status_code == 200
    assert len(queries) <= AT_MOST, "\n".join(q["sql"][:200] for q in queries)
    assert fresh(run).status == "running"


def test_nothing_is_rendered_while_nothing_has_changed(editor: Client) -> None:
    site = site_with(phrases(3))
    run = start_run(site)
    since = SINCE.search(text_of(editor, at(site)))
    assert since
    caches["fragments"].clear()
    answer = editor.get(at(site, f"live?since={since[1]}"))
    assert (answer.status_code, answer.templates) == (204, [])
    with CaptureQueriesContext(connection) as queries:
        assert editor.get(at(site, f"live?since={since[1]}")).status_code == 204
    assert not queries, "known a moment ago: not even asked who it is"
    caches["fragments"].clear()

    save_run(fresh(run))

    assert editor.get(at(site, f"live?since={since[1]}")).status_code == 200


def test_two_who_look_at_once_are_answered_from_one_reading(editor: Client) -> None:
    site = site_with(phrases(3))
    start_run(site)
    other = client_of(person_with(Role.OWNER))
    editor.get(at(site, "live?since=none"))

    with CaptureQueriesContext(connection) as queries:
        assert other.get(at(site, "live?since=none")).status_code == 200
    assert all("igny8_keywords" not in q["sql"] for q in queries)


def test_each_reader_gets_a_token_of_their_own(editor: Client) -> None:
    site = site_with(phrases(3))
    start_run(site)
    other = client_of(person_with(Role.OWNER))

    one, two = (c.get(at(site, "live?since=none")).content.decode() for c in (editor, other))
    assert "csrf-token-of-whoever-asks" not in one + two
    assert one != two


@pytest.mark.parametrize(
    ("role", "shown"), [(Role.VIEWER, 0), (Role.REVIEWER, 0), (Role.EDITOR, 2)]
)
def test_nobody_is_led_to_what_their_role_does_not_open(role: Role, shown: int) -> None:
    site = site_with(phrases(2))

    text = text_of(client_of(person_with(role)), at(site))

    links = (f'href="/s/{site.slug}/keywords/import/"', '/sites/add/"')
    assert sum(link in text for link in links) == shown


def test_a_viewer_reads_and_cannot_act() -> None:
    site = site_with(phrases(3))
    viewer = client_of(person_with(Role.VIEWER))

    text = text_of(viewer, at(site))
    assert "Configure" not in text
    assert viewer.post(at(site, "start")).status_code == 404
    assert active_run(site) is None


def test_a_run_is_started_paused_resumed_and_cancelled(editor: Client) -> None:
    site = site_with(phrases(3))

    editor.post(at(site, "start"))
    run = active_run(site)
    assert run is not None
    for verb, status in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        assert editor.post(at(site, verb)).status_code == 302
        assert fresh(run).status == status


def test_a_part_that_acts_is_answered_with_what_to_say(editor: Client) -> None:
    site = site_with(phrases(3))

    answer = editor.post(at(site, "start"), headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert "started" in answer.headers["HX-Trigger"]


def test_many_articles_are_started_only_by_typing_their_number(editor: Client) -> None:
    site = site_with()
    for number in range(51):
        task_of(site, f"Article {number}")

    refused = editor.post(at(site, "start"))
    assert refused.status_code == 422
    assert "Type 51" in refused.content.decode()
    editor.post(at(site, "start"), {"typed": "51"})
    assert active_run(site) is not None


def test_run_now_says_what_it_costs_and_takes(editor: Client) -> None:
    text = text_of(editor, at(site_with(phrases(20), within_stage_delay=3), "start"))

    assert "Keywords → Clusters" in text
    assert "Delays between batches and stages" in text
    assert "Start run · free" in text


def test_run_now_prices_what_is_chosen(editor: Client) -> None:
    site = site_with(phrases(20))
    task_of(site)

    whole = text_of(editor, at(site, "start"))
    part = text_of(editor, at(site, "start?first_stage=4&stop_after=4"))

    assert "Keywords → Clusters" in whole.partition('id="start-sheet"')[2]
    sheet = part.partition('id="start-sheet"')[2]
    assert "Tasks → Content" in sheet
    assert "Keywords → Clusters" not in sheet
    assert "Image Prompts → Images" not in sheet


def test_a_stop_before_the_beginning_is_said_and_starts_nothing(editor: Client) -> None:
    site = site_with(phrases(3))

    answer = editor.post(at(site, "start"), {"first_stage": "4", "stop_after": "2"})

    assert answer.status_code == 422
    assert "Stop after stage 4 or a later one." in answer.content.decode()
    assert active_run(site) is None


def test_looking_at_the_estimate_without_scripts_starts_nothing(editor: Client) -> None:
    site = site_with(phrases(3))

    answer = editor.post(at(site, "start"), {"first_stage": "2", "decision": "look"})

    assert answer.status_code == 200
    assert active_run(site) is None


def test_the_own_stop_of_a_site_is_named_before_a_run(editor: Client) -> None:
    site = site_with(phrases(3), stop_after=2)

    assert "As configured: 2. Clusters → Ideas" in text_of(editor, at(site, "start"))
    assert "As configured" not in text_of(editor, at(site, "start?first_stage=4"))


def test_who_starts_a_run_elsewhere_is_led_to_where_it_shows(editor: Client) -> None:
    site = site_with(phrases(3))
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{at(site)}?log=errors"}
    elsewhere = {**headers, "HX-Current-URL": "http://testserver/s/garden/keywords/import/1/"}

    assert "HX-Redirect" not in editor.post(at(site, "start"), headers=headers).headers
    editor.post(at(site, "cancel"), headers=headers)
    led = editor.post(at(site, "start"), headers=elsewhere)

    assert led.headers["HX-Redirect"] == at(site)
    assert "started" in text_of(editor, at(site))


def test_run_now_on_a_paused_run_says_why(editor: Client) -> None:
    site = site_with(phrases(3))
    pause_run(start_run(site))

    answer = editor.get(at(site, "start"), follow=True)
    assert "is paused" in answer.content.decode()
    assert "Resume or cancel it first" in answer.content.decode()


def settings_of_form(site: Site, **values: Any) -> dict[str, Any]:
    config = config_of(site)
    names = [f.name for f in config._meta.concrete_fields if f.editable and f.name != "site"]
    stored = {name: getattr(config, name) for name in names if name != "id"}
    known = {
        name: value for name, value in stored.items() if value is not None and value is not False
    }
    return {**known, "time_zone": "Europe/Berlin", **values}


def test_settings_are_stored_and_the_schedule_follows(editor: Client) -> None:
    site = site_with()

    values = settings_of_form(site, schedule="daily", schedule_time="07:30", stage_1_batch_size=25)
    answer = editor.post(at(site, "configure"), values)
    assert answer.status_code == 302, re.findall("is-bad.*", answer.content.decode())
    config = config_of(site)
    assert (config.stage_1_batch_size, f"{config.schedule_time:%H:%M}") == (25, "07:30")
    assert config.next_run_at is not None
    site.refresh_from_db()
    assert site.time_zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("stage_1_batch_size", 0, "greater than or equal to 1"),
        ("within_stage_delay", 301, "less than or equal to 300"),
        ("images_per_article", 9, "less than or equal to 8"),
        ("budget_run", -1, "greater than or equal to 0"),
        ("time_zone", "Mars/Base", "no time zone"),
        ("schedule_cron", "61 * * * *", "is no schedule"),
    ],
)
def test_what_is_out_of_range_is_said_at_its_field(
    editor: Client, name: str, value: object, said: str
) -> None:
    site = site_with()
    schedule = "cron" if name == "schedule_cron" else "off"

    answer = editor.post(
        at(site, "configure"), settings_of_form(site, schedule=schedule, **{name: value})
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_what_a_batch_size_means_is_said_as_the_runner_cuts(
    editor: Client, provider: Watched
) -> None:
    site = site_with(phrases(47))
    assert "47 keywords wait: 3 batches of 20, 20 and 7" in text_of(editor, at(site, "configure"))

    run = until_it_rests(start_run(site, stop_after=1))
    sizes = [
        line.message.rpartition(": ")[2]
        for line in run.log.filter(message__startswith="Processing batch").order_by("pk")
    ]
    assert sizes == ["20 keywords", "20 keywords", "7 keywords"]


def test_parked_rows_are_grouped_by_cause_and_retried(editor: Client) -> None:
    site = site_with()
    task = task_of(site)
    parked = {"parked_at": "2026-01-05T09:00:00Z", "parked_code": "declined"}
    type(task).objects.filter(pk=task.pk).update(**parked, parked_reason="The topic is refused.")

    text = text_of(editor, at(site, "attention"))
    assert "The model declined to answer" in text
    assert "The topic is refused." in text
    editor.post(at(site, "retry"), {"stage": "4", "rows": str(task.pk)})
    task.refresh_from_db()
    assert task.parked_at is None


def test_the_history_and_one_run_are_shown_with_every_line(
    editor: Client, provider: Watched
) -> None:
    site = site_with(phrases(6))
    run = until_it_rests(start_run(site))

    assert f"Run {run.pk}" in text_of(editor, f"/s/{site.slug}/runs/?status=completed")
    assert "Verified: 0 keywords pending" in text_of(editor, f"/s/{site.slug}/runs/{run.pk}/")
    for tab in ("errors", "log", "settings"):
        text_of(editor, f"/s/{site.slug}/runs/{run.pk}/?tab={tab}")
    answer = editor.get(f"/s/{site.slug}/runs/{run.pk}/log.txt")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == run.log.count() + 1


def test_the_page_shows_the_active_run_else_the_newest(provider: Watched) -> None:
    site = site_with(phrases(3))
    assert page_run(site) is None
    first = until_it_rests(start_run(site))
    assert page_run(site) == first
    Keyword.objects.create(site=site, keyword="new one", normalised="new one")
    second = start_run(site)
    assert page_run(site) == second
    assert AutomationRun.objects.count() == 2


def test_every_icon_that_a_page_shows_is_in_the_sprite(editor: Client) -> None:
    text = text_of(editor, at(site_with(phrases(3))))
    sprite = editor.get("/static/igny8/icons.svg")
    drawn = b"".join(sprite.streaming_content).decode()  # type: ignore[attr-defined]

    wanted = set(re.findall(r"icons\.svg\?v=\w+#(i-[a-z0-9-]+)", text))
    assert len(wanted) > 20
    assert not [name for name in wanted if f'id="{name}"' not in drawn]


def test_who_did_something_sees_it_at_once(editor: Client) -> None:
    site = site_with(phrases(3))
    since = SINCE.search(text_of(editor, at(site)))
    assert since
    assert editor.get(at(site, f"live?since={since[1]}")).status_code == 204

    editor.post(at(site, "start"), {"first_stage": "1"})

    assert "Running stage 1" in text_of(editor, at(site, f"live?since={since[1]}"))
