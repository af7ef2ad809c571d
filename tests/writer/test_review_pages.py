"""The content list, the article as readers see it, and the decision on it."""

from pathlib import Path

import pytest
from django.test import Client

from igny8.accounts.models import Role
from igny8.sites.models import Site
from igny8.writer.article import article_of
from igny8.writer.models import Content, Image
from tests.automation.world import content_of, images_of, site_with
from tests.people import client_of, person_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> Client:
    return client_of(person_with(Role.REVIEWER))


def in_review(site: Site, title: str) -> Content:
    content = content_of(site, title)
    content.status = Content.Status.REVIEW
    content.save()
    return content


def at(content: Content, verb: str = "") -> str:
    return f"/s/{content.site.slug}/content/{content.pk}/{verb}"


def test_the_list_is_filtered_by_its_address(reviewer: Client) -> None:
    site = site_with()
    in_review(site, "Waiting for a person")
    content_of(site, "Still a draft")

    text = reviewer.get(f"/s/{site.slug}/content/?status=review").content.decode()
    assert "Waiting for a person" in text
    assert "Still a draft" not in text
    found = reviewer.get(f"/s/{site.slug}/content/?q=draft").content.decode()
    assert "Still a draft" in found
    assert "Waiting for a person" not in found


def test_pictures_stand_in_their_sections_with_their_sizes() -> None:
    content = content_of(site_with())
    head, inside = images_of(content, 2)
    for image, name in ((head, "head.webp"), (inside, "in.webp")):
        Image.objects.filter(pk=image.pk).update(
            status="generated", file=f"garden/{name}", width=1600, height=900
        )
    Image.objects.filter(pk=inside.pk).update(anchor="Preparing the soil", caption="Dark & rich")

    article = article_of(content)
    assert article.featured is not None
    assert article.featured.file == "garden/head.webp"
    assert 'src="/media/garden/in.webp"' in article.html
    assert 'width="1600" height="900" loading="lazy"' in article.html
    assert "<figcaption>Dark &amp; rich</figcaption>" in article.html
    assert article.html.index("Preparing the soil") < article.html.index("in.webp")


def test_approving_leads_to_the_next(reviewer: Client) -> None:
    site = site_with()
    first, second = in_review(site, "First"), in_review(site, "Second")

    answer = reviewer.post(at(first, "approve"))
    first.refresh_from_db()
    assert first.status == Content.Status.APPROVED
    assert answer["Location"] == at(second)


def test_after_the_last_comes_the_list(reviewer: Client) -> None:
    only = in_review(site_with(), "Only")

    answer = reviewer.post(at(only, "approve"))
    assert answer["Location"].endswith("/content/?status=review")


def test_sending_back_needs_a_note(reviewer: Client) -> None:
    content = in_review(site_with(), "First")

    refused = reviewer.post(at(content, "send-back"), {"note": " "})
    assert refused.status_code == 422
    assert "Say what should become different." in refused.content.decode()
    reviewer.post(at(content, "send-back"), {"note": "Too long."})
    content.refresh_from_db()
    assert content.status == Content.Status.REJECTED
    assert content.findings[0]["message"] == "Too long."


def test_a_viewer_reads_and_does_not_decide() -> None:
    content = in_review(site_with(), "First")
    viewer = client_of(person_with(Role.VIEWER))

    text = viewer.get(at(content)).content.decode()
    assert "First" in text
    assert "/approve" not in text
    assert viewer.post(at(content, "approve")).status_code == 404


def test_what_is_held_by_a_run_is_refused_with_a_sentence(reviewer: Client) -> None:
    content = in_review(site_with(), "First")
    Content.objects.filter(pk=content.pk).update(held_by="run:12")

    answer = reviewer.post(at(content, "approve"), follow=True)
    assert "Being written now by run 12" in answer.content.decode()


def test_pictures_are_for_the_team_alone(reviewer: Client, media_folder: Path) -> None:
    site = site_with()
    (media_folder / site.slug).mkdir(parents=True)
    (media_folder / site.slug / "a.webp").write_bytes(b"RIFF")
    (media_folder / "secret.txt").write_text("x", encoding="utf-8")

    assert reviewer.get(f"/media/{site.slug}/a.webp").status_code == 200
    assert reviewer.get(f"/media/{site.slug}/../secret.txt").status_code == 404
    assert reviewer.get(f"/media/{site.slug}/%2e%2e/secret.txt").status_code == 404
    assert reviewer.get("/media/other/a.webp").status_code == 404
    assert Client().get(f"/media/{site.slug}/a.webp").status_code == 302
