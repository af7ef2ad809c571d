"""What a run will cost, said before it starts, and what it costs then."""

import random
from collections.abc import Iterator
from decimal import Decimal

import pytest

from igny8.ai.models import AICall
from igny8.automation.estimates import Estimate, credits_text_of, estimate
from igny8.automation.loads import Chosen, answering
from igny8.automation.models import AutomationRun
from igny8.automation.prompts import PROMPTS
from igny8.automation.runs import config_of, start_run
from igny8.automation.stages import WORK_STAGES
from igny8.automation.wording import credits_range_text, credits_text
from igny8.automation.workload import WORK
from igny8.credits.models import CreditTariff, PriceOverride
from igny8.intake import Row, open_export
from igny8.planner.sample import keyword_file
from igny8.sites.models import Site
from tests.automation.priced import Temper, counted, priced_provider, set_prices
from tests.automation.world import (
    content_of,
    images_of,
    phrases,
    site_with,
    task_of,
    until_it_rests,
)
from tests.provider_server import ProviderServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("worker")]
ELSEWHERE = "https://models.example.com/v1"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    with priced_provider(monkeypatch) as server:
        yield server


@pytest.fixture
def unknown_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", ELSEWHERE)
    monkeypatch.setenv("IGNY8_TEXT_MODEL", "house-model")
    monkeypatch.setenv("IGNY8_IMAGE_MODEL", "house-painter")


def expected_of(site: Site, **values: object) -> Estimate:
    return estimate(site, config_of(site), **values)  # type: ignore[arg-type]  # as the test says


def ends(found: Estimate) -> tuple[Decimal, Decimal]:
    assert found.total is not None
    return found.total.low, found.total.high


def test_every_prompt_has_its_share_of_the_cost() -> None:
    assert set(WORK) == {prompt.function.name for prompt in PROMPTS} | {"embed_keywords"}


def test_the_sample_provider_is_free() -> None:
    found = expected_of(site_with(phrases(20)))
    assert found.credits == {"low": "0", "high": "0"}
    assert credits_text_of(found.credits) == "free"
    assert {found.credits_text(n) for n in found.totals} == {"free"}


@pytest.mark.usefixtures("unknown_models")
def test_a_price_that_nobody_knows_is_unknown_and_named() -> None:
    found = expected_of(site_with(phrases(20)))
    assert found.credits is None
    assert found.unpriced == ["house-model", "house-painter"]
    assert "house-model and house-painter" in "\n".join(found.lines())
    assert found.as_json()["stages"][3]["credits"] is None
    assert found.as_json()["stages"][2]["credits"] == {"low": "0", "high": "0"}


@pytest.mark.usefixtures("unknown_models")
def test_a_price_counts_only_where_its_model_is_asked() -> None:
    site = site_with()
    for _ in range(2):
        images_of(content_of(site, f"Article {_}"), 3)
    PriceOverride.objects.create(account=site.account, model="house-painter", image_rate=50_000)

    found = expected_of(site)

    assert found.unpriced == []
    assert found.credits == {"low": "30", "high": "30"}, "six images of five cents, all known"


@pytest.mark.usefixtures("server")
def test_each_stage_has_a_range_and_the_sum_is_surer_than_its_parts() -> None:
    site = site_with(phrases(40), images_per_article=2)
    set_prices(site.account)

    found = expected_of(site)

    ranges = {n: found.stage_credits[n] for n in found.totals}
    assert ranges[3] is not None
    assert ranges[3].high == 0
    known = [one for one in ranges.values() if one is not None]
    assert len(known) == len(WORK_STAGES)
    low, high = ends(found)
    assert sum(one.low for one in known) < low < high < sum(one.high for one in known)


@pytest.mark.usefixtures("server")
def test_longer_outlines_cost_more() -> None:
    short, long = site_with(slug="short"), site_with(slug="long")
    set_prices(short.account)
    task_of(short, sections=1)
    task_of(long, sections=3)
    assert ends(expected_of(short))[1] < ends(expected_of(long))[1]


@pytest.mark.usefixtures("server")
def test_what_grouping_will_find_is_looked_at_beforehand() -> None:
    site = site_with(phrases(40), ideas_per_cluster=2)
    found = expected_of(site)
    assert not site.clusters.exists()

    run = until_it_rests(start_run(site, stop_after=2))

    assert run.result(1)["created"] == found.totals[2]
    assert run.result(2)["created"] == found.totals[3]


@pytest.mark.usefixtures("server")
def test_a_fixed_tariff_is_known_exactly() -> None:
    site = site_with()
    task_of(site)
    fixed = dict.fromkeys(WORK, "0.5")
    CreditTariff.objects.create(account=site.account, kind="fixed", fixed=fixed)
    set_prices(site.account)

    low, high = ends(expected_of(site, first_stage=4, stop_after=4))

    assert low == high == Decimal("3.25"), "three sections and a half, and three other calls"


def test_a_queue_has_a_price_with_models_nobody_has_a_key_for() -> None:
    site = site_with(phrases(30), images_per_article=2)

    cheap = expected_of(site, chosen=Chosen(text="gpt-4o-mini", image="gpt-image-1"))
    dear = expected_of(site, chosen=Chosen(text="claude-sonnet-4-5", image="gpt-image-1"))
    local = expected_of(site, chosen=Chosen(text="my-own-model"))

    assert 0 < ends(cheap)[1] < ends(dear)[1]
    assert local.credits is None
    assert local.unpriced == ["my-own-model"]
    assert not AICall.objects.exists()


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [("0", "0", "free"), ("0.03", "0.08", "0–0.1"), ("1.24", "3.41", "1.2–3.5"),
     ("12.3", "18.9", "12–19"), ("1210", "1890", "1,210–1,890"), ("30", "30", "30")],
)  # fmt: skip
def test_ranges_are_rounded_outwards(low: str, high: str, text: str) -> None:
    assert credits_range_text({"low": low, "high": high}) == text


def test_little_is_not_nothing() -> None:
    assert [credits_text(Decimal(a)) for a in ("0", "0.04", "4.04")] == ["0", "<0.1", "4"]


def demo_site(slug: str, *, keywords: int, seed: int) -> Site:
    """A cut of the bundled keywords, other ones for each seed."""
    rows = {row.keyword for row in open_export(keyword_file()).rows() if isinstance(row, Row)}
    chosen = random.Random(seed).sample(sorted(rows), keywords)
    return site_with(chosen, slug=slug, ideas_per_cluster=3, images_per_article=2)


def run_through(site: Site) -> AutomationRun:
    run = until_it_rests(start_run(site))
    assert run.status == "completed", run.reason
    return run


def is_within(run: AutomationRun) -> bool:
    expected = run.estimate["credits"]
    return Decimal(expected["low"]) <= run.credits_used <= Decimal(expected["high"])


def told(run: AutomationRun) -> str:
    expected = run.estimate["credits"]
    return f"{run.site.slug}: {run.credits_used} of {expected['low']}–{expected['high']}"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nine_of_ten_first_runs_with_a_model_cost_what_was_said(server: ProviderServer) -> None:
    """Each with a model of its own, which nobody has asked before."""
    runs = []
    for seed in range(10):
        site = demo_site(f"cold-{seed}", keywords=12 + 2 * seed, seed=seed)
        if not seed:
            set_prices(site.account)
        server.recover()
        server.fail(counted(Temper(seed)))
        AICall.objects.update(function="of another model")
        runs.append(run_through(site))

    assert sum(map(is_within, runs)) >= 9, [told(run) for run in runs]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nine_of_ten_later_runs_cost_what_was_said_and_that_is_less_vague(
    server: ProviderServer,
) -> None:
    server.fail(counted(Temper(7)))
    first = demo_site("first", keywords=20, seed=99)
    set_prices(first.account)
    cold = run_through(first)

    runs = [run_through(demo_site(f"warm-{n}", keywords=12 + 2 * n, seed=n)) for n in range(10)]

    assert sum(map(is_within, runs)) >= 9, [told(run) for run in runs]
    assert all(width(run) < width(cold) for run in runs), [told(run) for run in runs]


def width(run: AutomationRun) -> Decimal:
    """The upper end against the lower one."""
    expected = run.estimate["credits"]
    return Decimal(expected["high"]) / Decimal(expected["low"])


def test_a_model_that_was_chosen_for_texts_gives_no_vectors(
    server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_EMBEDDING_MODEL", "small")
    site = site_with(phrases(20))
    site.embeddings = Site.Embeddings.ENDPOINT

    asked = answering(site, Chosen(text="gpt-5-mini"))

    models = {one.function.name: one.model for one in asked}
    assert (models["embed_keywords"], models["write_section"]) == ("small", "gpt-5-mini")
