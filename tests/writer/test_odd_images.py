"""Image models that send what nobody can show."""

import base64
import json
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from igny8.ai.models import AICall
from igny8.automation.models import AutomationRun
from igny8.automation.parking import retry_parked
from igny8.automation.runs import start_run
from igny8.writer.models import Content
from igny8.writer.models import Image as Row
from tests.automation.conftest import server
from tests.automation.world import content_of, images_of, site_with
from tests.provider_faults import Fault, sends
from tests.provider_server import ProviderServer

__all__ = ["server"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "worker")]
Drive = Callable[[AutomationRun], AutomationRun]


def half_a_picture() -> Fault:
    """It begins as one, and cannot be shown."""
    made = BytesIO()
    Image.effect_noise((64, 36), 80).save(made, "PNG")
    half = base64.b64encode(made.getvalue()[:400]).decode()
    return sends(json.dumps({"created": 1, "data": [{"b64_json": half}]}).encode())


@pytest.fixture
def content() -> Content:
    content = content_of(site_with())
    images_of(content, 1)
    return content


def draw(content: Content) -> AutomationRun:
    return start_run(content.site, first_stage=6, stop_after=6)


def test_what_is_no_picture_is_asked_for_again(
    content: Content, server: ProviderServer, drive: Drive
) -> None:
    server.fail(half_a_picture(), times=1)

    drive(draw(content))

    assert Row.objects.get().status == "generated"
    first, second = server.asked
    assert first.prompt == second.prompt


def test_what_stays_none_is_parked_and_a_retry_asks_anew(
    content: Content, server: ProviderServer, drive: Drive
) -> None:
    server.fail(half_a_picture())
    drive(draw(content))
    image = Row.objects.get()
    assert image.parked_reason.endswith("The answer is no image.")
    assert AICall.objects.filter(state="answered").count() == 0

    server.recover()
    retry_parked(content.site)
    drive(draw(content))

    image.refresh_from_db()
    assert image.status == "generated"
