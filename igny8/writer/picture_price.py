"""What one more picture will cost, said on the button that makes it."""

from decimal import Decimal

from igny8.ai.connections import route_for
from igny8.ai.expecting import Purse
from igny8.ai.functions import Form
from igny8.sites.models import Site
from igny8.writer.functions.generate_images import ImageQuestion, ask_image

FREE, UNKNOWN = "free", "price unknown"
LEAST_SHOWN = Decimal("0.1")
# Of usual length: what is told costs little beside the picture.
USUAL = ImageQuestion(title="A title", prompt="A scene. " * 40, alt="What is seen", kind="featured")


def price_of_pictures(site: Site, number: int = 1) -> str:
    """`~4.2 credits`, `free`, or `price unknown`; from what such pictures cost before."""
    route = route_for(site.account, Form.IMAGE, function=ask_image.name, site_id=site.pk)
    step = route.steps[route.standing()[0]]
    one = Purse(site.account_id, site.pk).expected(ask_image, USUAL, step)
    if one is None:
        return UNKNOWN
    return f"~{max(LEAST_SHOWN, one * number):.1f} credits" if one else FREE
