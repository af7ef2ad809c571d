"""What one more picture will cost."""

import pytest

from igny8.ai.models import AICall, AIConnection, RouteStep
from igny8.core import clock
from igny8.credits.models import PriceOverride
from igny8.sites.models import Site
from igny8.writer.picture_price import price_of_pictures
from tests.factories import make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    """Its pictures come from a model that bills."""
    site = make_site()
    connection = AIConnection.objects.create(
        account=site.account,
        name="Far",
        kind="openai_compatible",
        base_url="https://far.example/v1",
    )
    RouteStep.objects.create(
        account=site.account, function="image", position=0, connection=connection, model="painter"
    )
    return site


def test_the_sample_draws_for_nothing() -> None:
    assert price_of_pictures(make_site()) == "free"


def test_a_price_nobody_knows_is_not_called_free(site: Site) -> None:
    assert price_of_pictures(site) == "price unknown"


def test_a_price_of_ones_own_is_known_before_the_first_picture(site: Site) -> None:
    PriceOverride.objects.create(account=site.account, model="painter", image_rate=42_000)

    assert price_of_pictures(site) == "~4.2 credits"
    assert price_of_pictures(site, 2) == "~8.4 credits"


def test_else_it_is_what_such_pictures_took_before(site: Site) -> None:
    PriceOverride.objects.create(
        account=site.account, model="painter", input_rate=5_000_000, output_rate=40_000_000
    )
    guessed = price_of_pictures(site)
    for number in range(4):
        AICall.objects.create(
            key=f"generate_images/image:{number}/0/picture",
            attempt=1,
            state="used",
            function="generate_images",
            connection=AIConnection.objects.get(),
            model="painter",
            site_id=site.pk,
            input_tokens=200,
            output_tokens=1000,
            deadline_at=clock.now(),
            ended_at=clock.now(),
        )
    assert price_of_pictures(site) == "~4.1 credits"
    assert guessed != "~4.1 credits"
