"""The checks look once at each state of an article."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from igny8.ai.models import AICall
from igny8.core import clock
from igny8.credits.models import CreditEntry
from igny8.writer.edits import edit_content
from igny8.writer.models import Content, Inspection
from igny8.writer.stored_inspections import inspect_again, inspect_what_changed, inspection_of
from tests.factories import make_content, make_image, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def content() -> Content:
    return Content.objects.select_related("site", "task__idea").get(
        pk=make_content(make_site(), "Watering cans").pk
    )


def test_an_article_that_did_not_change_is_not_looked_at_again(content: Content) -> None:
    first = inspection_of(content)
    content.refresh_from_db()

    with CaptureQueriesContext(connection) as queries:
        again = inspection_of(content)
    assert len(queries) == 1
    assert (again.on_page, again.findings) == (first.on_page, first.findings)


def test_new_words_are_looked_at_anew(content: Content) -> None:
    inspection_of(content)
    edit_content(content, by="ann", body="As an AI language model, I cannot water.")
    content.refresh_from_db()
    assert content.inspected_at is None

    said = {one["code"]: one["severity"] for one in inspection_of(content).findings}
    assert said["leakage"] == "problem"


def test_what_changed_while_the_checks_looked_is_looked_at_again(content: Content) -> None:
    Content.objects.filter(pk=content.pk).update(updated_at=clock.now())

    inspect_again(content)

    assert not Inspection.objects.exists()
    assert Content.objects.get().inspected_at is None


def test_a_worker_looks_at_what_waits_for_people_and_leaves_drafts_alone(content: Content) -> None:
    make_content(content.site, status=Content.Status.DRAFT)

    inspect_what_changed()

    assert Inspection.objects.get().content == content
    with CaptureQueriesContext(connection) as queries:
        inspect_what_changed()
    assert len(queries) == 1


def test_a_stored_sketch_stands_for_a_text_that_others_are_compared_with(content: Content) -> None:
    body = " ".join(f"Word {n} of a text that is long enough to be compared." for n in range(40))
    Content.objects.filter(pk=content.pk).update(body=body)
    content.refresh_from_db()
    twin = make_content(content.site)
    Content.objects.filter(pk=twin.pk).update(body=body)
    twin.refresh_from_db()
    inspection_of(content)
    Content.objects.filter(pk=content.pk).update(body="Something else entirely.")

    said = {one["code"]: one["severity"] for one in inspection_of(twin).findings}
    assert said["near_duplicate"] == "problem"


def test_it_knows_what_its_text_and_its_pictures_cost_and_which_run_wrote_it(
    content: Content,
) -> None:
    image = make_image(content, file="a.webp")
    book(content, f"task:{content.task_id}", "1.5", run="run:4")
    book(content, f"task:{content.task_id}", "0.5", run="run:4", state="rejected")
    book(content, f"image:{image.pk}", "4.25", run="run:9")
    book(content, "task:999999", "100", run="run:4")

    found = inspection_of(content)

    assert (found.text_credits, found.image_credits) == (Decimal("2.0"), Decimal("4.25"))
    assert (found.run_ref, found.has_unknown_price) == ("run:4", False)


def book(content: Content, thing: str, amount: str, *, run: str, state: str = "used") -> None:
    number = AICall.objects.count()
    account = content.site.account
    call = AICall.objects.create(
        key=f"generate/{thing}/0/{number}",
        attempt=1,
        state=state,
        connection=account.connections.get_or_create(name="Sample", kind="sample")[0],
        object_ref=thing,
        site_id=content.site_id,
        run_ref=run,
        deadline_at=clock.now(),
    )
    CreditEntry.objects.create(
        account=account,
        kind="charge",
        credits=Decimal(amount),
        cost_microusd=1,
        call_id=call.pk,
        site_id=content.site_id,
    )
