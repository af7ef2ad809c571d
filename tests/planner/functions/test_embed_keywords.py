"""A site that groups by an endpoint's vectors, over HTTP and through real runs."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connections

from igny8.ai.connections import route_for
from igny8.ai.edits import Choice, set_route
from igny8.ai.functions import Form
from igny8.ai.models import AICall
from igny8.automation.estimates import estimate
from igny8.automation.models import AutomationRun, RunItem
from igny8.automation.runs import config_of, pause_run, resume_run, start_run
from igny8.clustering import calibrated, calibration, calibration_texts
from igny8.clustering.embedding import packaged_embedder
from igny8.core.clock import ManualClock
from igny8.credits.models import CreditEntry, PriceOverride
from igny8.planner.functions import embed_keywords
from igny8.planner.models import Cluster, EmbedderCalibration, GroupingMemory, Keyword, TextVector
from igny8.sites.models import Site
from tests.automation.world import add_keywords, another_worker, fresh, lines, phrases, site_with
from tests.provider_faults import Asked, status
from tests.provider_server import ProviderServer

pytestmark = pytest.mark.django_db

Drive = Callable[[AutomationRun], AutomationRun]
CALIBRATION_CALLS = -(-len(calibration_texts()) // embed_keywords.TEXTS_A_CALL)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    """An endpoint that serves embeddings alone."""
    with ProviderServer() as running:
        monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", running.base_url)
        monkeypatch.setenv("IGNY8_EMBEDDING_MODEL", "small")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield running


@pytest.fixture
def site(server: ProviderServer) -> Site:
    """Its model is calibrated already."""
    made = site_with(phrases(20))
    Site.objects.update(embeddings=Site.Embeddings.ENDPOINT)
    made.refresh_from_db()
    route = route_for(made.account, Form.EMBEDDING)
    EmbedderCalibration.objects.create(
        embedder=embed_keywords._id_of(route),
        threshold=0.5,
        centre=b"\0" * 4 * 256,
        f1=0.8,
    )
    return made


def grouped(site: Site, drive: Drive) -> AutomationRun:
    return drive(start_run(site, stop_after=1))


def texts_of(asked: Asked) -> list[str]:
    return list(asked.body["input"])


def test_the_keywords_are_grouped_by_the_endpoints_vectors(
    site: Site, server: ProviderServer, drive: Drive
) -> None:
    run = grouped(site, drive)

    assert run.status == AutomationRun.Status.COMPLETED
    assert Keyword.objects.filter(status=Keyword.Status.MAPPED).count() == 20
    assert sorted(texts_of(server.asked[0])) == sorted(phrases(20))
    assert GroupingMemory.objects.get().embedder.startswith("small@")


def test_calls_for_vectors_are_recorded_and_booked_like_all_others(
    site: Site, server: ProviderServer, drive: Drive
) -> None:
    run = grouped(site, drive)

    call = AICall.objects.get(function="embed_keywords")
    assert (call.state, call.run_ref, call.stage, call.site_id) == (
        *("used", run.ref, 1),
        site.pk,
    )
    assert (call.answered_model, call.input_tokens, call.raw) == ("test-embedder", 140, None)
    assert CreditEntry.objects.filter(call_id=call.pk, run_ref=run.ref, stage=1).count() == 1


def test_no_transaction_is_open_while_the_endpoint_is_asked(
    site: Site, server: ProviderServer, drive: Drive
) -> None:
    database, open_now = connections["default"], []

    def look(_: Asked) -> bool:
        open_now.append(len(database.savepoint_ids))
        return False

    server.fail("reset", when=look)
    of_the_test = len(database.savepoint_ids)

    grouped(site, drive)

    assert open_now == [of_the_test]


def test_a_text_is_asked_for_once_and_later_runs_ask_for_the_new_ones_only(
    site: Site, server: ProviderServer, drive: Drive
) -> None:
    grouped(site, drive)
    add_keywords(site, ["mint tea recipe", "peppermint tea"])

    grouped(site, drive)

    assert [len(texts_of(asked)) for asked in server.asked] == [20, 2]
    assert TextVector.objects.count() == 22


def test_a_model_is_calibrated_once_for_all_sites(
    site: Site, server: ProviderServer, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "THRESHOLDS", (0.5, 0.7))
    EmbedderCalibration.objects.all().delete()
    grouped(site, drive)
    other = site_with(phrases(3), slug="other")
    Site.objects.update(embeddings=Site.Embeddings.ENDPOINT)

    drive(start_run(other, stop_after=1))

    assert len(server.asked) == CALIBRATION_CALLS + 2
    stored = EmbedderCalibration.objects.get()
    assert stored.threshold == 0.5
    assert stored.f1 > 0.75


def test_the_vectors_of_another_model_are_not_mixed_in(
    site: Site, server: ProviderServer, drive: Drive
) -> None:
    site_embeddings = Site.objects.filter(pk=site.pk)
    site_embeddings.update(embeddings=Site.Embeddings.BUILT_IN)
    site.refresh_from_db()
    grouped(site, drive)
    places = dict(Keyword.objects.values_list("pk", "cluster_id"))
    site_embeddings.update(embeddings=Site.Embeddings.ENDPOINT)
    site.refresh_from_db()
    add_keywords(site, ["mint tea recipe"])

    grouped(site, drive)

    assert sorted(texts_of(server.asked[0])) == sorted([*phrases(20), "mint tea recipe"])
    assert GroupingMemory.objects.get().embedder.startswith("small@")
    assert places.items() <= dict(Keyword.objects.values_list("pk", "cluster_id")).items()


def test_a_run_that_broke_off_after_an_answer_does_not_pay_for_it_again(
    site: Site, server: ProviderServer, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    run = start_run(site, stop_after=1)
    with monkeypatch.context() as dying:
        dying.setattr(embed_keywords, "_store", killed)
        with pytest.raises(KeyboardInterrupt):
            drive(run)
    assert AICall.objects.get().state == AICall.State.ANSWERED
    add_keywords(site, ["arrived meanwhile"])

    with another_worker():
        AutomationRun.objects.update(worker=None, generation=2)
        drive(fresh(run))

    assert [len(texts_of(asked)) for asked in server.asked] == [20, 1]
    assert fresh(run).status == AutomationRun.Status.COMPLETED


@pytest.mark.parametrize(
    ("code", "reason_code"), [(401, "credentials"), (402, "quota"), (404, "credentials")]
)
def test_an_endpoint_that_refuses_pauses_the_run_before_anything_is_grouped(
    site: Site, server: ProviderServer, drive: Drive, code: int, reason_code: str
) -> None:
    server.fail(status(code))

    run = grouped(site, drive)

    assert (run.status, run.reason_code) == (AutomationRun.Status.PAUSED, reason_code)
    assert not RunItem.objects.exists()
    assert not Cluster.objects.exists()

    server.recover()
    resume_run(run)
    assert drive(run).status == AutomationRun.Status.COMPLETED


def test_an_endpoint_that_answers_nonsense_pauses_the_run_and_is_tried_again_later(
    site: Site, server: ProviderServer, drive: Drive
) -> None:
    server.fail("html")

    run = grouped(site, drive)

    assert (run.status, run.reason_code) == (AutomationRun.Status.PAUSED, "provider_down")
    assert "No vectors for the keywords: No usable answer in 3 tries" in run.reason
    assert run.wake_at is not None
    server.recover()
    resume_run(run)
    assert drive(run).status == AutomationRun.Status.COMPLETED


def test_an_endpoint_that_asks_for_patience_is_waited_for(
    site: Site, server: ProviderServer, drive: Drive, clock: ManualClock
) -> None:
    server.fail(status(429, retry_after="30"), times=1)
    before = clock.now()

    run = grouped(site, drive)

    assert run.status == AutomationRun.Status.COMPLETED
    assert clock.now() - before >= timedelta(seconds=30)
    assert any("asked us to wait; going on at" in line for line in lines(run))


def test_a_paused_run_asks_for_no_further_vectors(
    site: Site, server: ProviderServer, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embed_keywords, "TEXTS_A_CALL", 5)
    run = start_run(site, stop_after=1)
    store = embed_keywords._store

    def then_pause(*words: object) -> None:
        store(*words)  # type: ignore[arg-type]  # whatever it is called with
        if run.status == AutomationRun.Status.RUNNING:
            pause_run(run)

    monkeypatch.setattr(embed_keywords, "_store", then_pause)
    drive(run)
    assert (fresh(run).status, len(server.asked)) == (AutomationRun.Status.PAUSED, 1)

    resume_run(run)
    monkeypatch.setattr(embed_keywords, "_store", store)
    drive(run)
    assert [len(texts_of(asked)) for asked in server.asked] == [5, 5, 5, 5]


def test_a_site_without_a_named_model_is_told_what_to_set(
    site: Site, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IGNY8_EMBEDDING_MODEL")

    run = grouped(site, drive)

    assert (run.status, run.reason_code) == (AutomationRun.Status.PAUSED, "credentials")
    assert "IGNY8_EMBEDDING_MODEL" in run.reason
    assert "igny8 config --site garden embeddings=built_in" in run.reason


def test_a_model_whose_vectors_change_their_length_is_refused(site: Site, drive: Drive) -> None:
    grouped(site, drive)
    vector = TextVector.objects.order_by("pk").first()
    assert vector is not None
    TextVector.objects.filter(pk=vector.pk).update(vector=b"\0" * 8)
    add_keywords(site, ["mint tea recipe"])

    run = grouped(site, drive)

    assert (run.status, run.reason_code) == (AutomationRun.Status.PAUSED, "credentials")
    assert "another length than before" in run.reason


def test_an_endpoint_costs_something_and_the_vectors_that_are_built_in_do_not(
    site: Site, server: ProviderServer
) -> None:
    assert estimate(site, config_of(site)).credits == {"low": "0", "high": "0"}, "this machine"
    PriceOverride.objects.create(account=site.account, model="small", input_rate=1_000_000_000)
    priced = estimate(site, config_of(site))
    assert priced.total is not None
    assert 0 < priced.total.low < priced.total.high
    site.embeddings = Site.Embeddings.BUILT_IN
    assert estimate(site, config_of(site)).credits == {"low": "0", "high": "0"}


@pytest.mark.slow
def test_the_built_in_vectors_are_cut_where_a_calibration_would_cut_them() -> None:
    packaged = packaged_embedder()

    found = calibrated(packaged.embed(calibration_texts()))

    assert abs(found.threshold - packaged.threshold) <= 0.05
    assert found.f1 > 0.78
    assert found == calibrated(packaged.embed(calibration_texts()))


def test_what_one_model_gave_is_never_stored_under_the_name_of_another(
    site: Site, server: ProviderServer, drive: Drive
) -> None:
    connection = route_for(site.account, Form.EMBEDDING).connection
    set_route(site.account, "embed_keywords", [Choice(connection, "large")], site=site)
    known = EmbedderCalibration.objects.get()
    known.pk, known.embedder = None, known.embedder.replace("small@", "large@")
    known.save()

    grouped(site, drive)

    assert {asked.body["model"] for asked in server.asked} == {"large"}
    stored = set(TextVector.objects.values_list("embedder", flat=True))
    assert [name.partition("@")[0] for name in stored] == ["large"]
