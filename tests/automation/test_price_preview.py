import pytest

from igny8.ai.models import AICall
from igny8.automation.price_preview import WORK, image_costs, text_costs
from igny8.automation.prompts import PROMPTS
from igny8.automation.runs import config_of
from igny8.credits.models import PriceOverride
from tests.automation.world import phrases, site_with

pytestmark = pytest.mark.django_db


def test_every_prompt_has_its_share_of_the_cost() -> None:
    assert set(WORK) == {prompt.function.name for prompt in PROMPTS}


def test_a_queue_has_a_price_with_models_nobody_has_a_key_for() -> None:
    site = site_with(phrases(30), images_per_article=2)
    config = config_of(site)

    texts = text_costs(site, config, ["gpt-4o-mini", "claude-sonnet-4-5", "llama3.2"])
    images = image_costs(site, config, ["gpt-image-1"])

    cheap, dear, drawn = texts["gpt-4o-mini"], texts["claude-sonnet-4-5"], images["gpt-image-1"]
    assert cheap is not None
    assert dear is not None
    assert drawn is not None
    assert 0 < cheap.low < cheap.likely < cheap.high < dear.low
    assert drawn.likely > 0
    assert texts["llama3.2"] is None
    assert not AICall.objects.exists()


def test_an_own_price_counts_and_more_keywords_cost_more() -> None:
    small, large = site_with(phrases(10)), site_with(phrases(50), slug="large")
    PriceOverride.objects.create(
        account=small.account, model="llama3.2", input_rate=0, output_rate=1_000_000
    )
    less = text_costs(small, config_of(small), ["llama3.2"])["llama3.2"]
    more = text_costs(large, config_of(large), ["llama3.2"])["llama3.2"]
    assert less is not None
    assert more is not None
    assert 0 < less.likely < more.likely


def test_a_site_without_anything_waiting_costs_nothing() -> None:
    site = site_with()
    cost = text_costs(site, config_of(site), ["llama3.2"])["llama3.2"]
    assert cost is not None
    assert cost.high == 0
