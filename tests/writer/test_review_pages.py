"""The content list, the article as readers see it, and the decision on it."""

import re
from pathlib import Path

import pytest
from django.test import Client

from igny8.accounts.models import Role
from igny8.sites.models import Site
from igny8.writer.article import article_of
from igny8.writer.models import Content, Image, Inspection
from igny8.writer.stored_inspections import inspect_what_changed
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


def test_an_approval_can_be_taken_back(reviewer: Client) -> None:
    content = in_review(site_with(), "First")
    reviewer.post(at(content, "approve"))
    assert "Back to review" in reviewer.get(at(content)).content.decode()

    answer = reviewer.post(at(content, "reopen"), follow=True)

    content.refresh_from_db()
    assert content.status == Content.Status.REVIEW
    assert "is in review again" in answer.content.decode()


def test_nothing_else_is_taken_back(reviewer: Client) -> None:
    content = in_review(site_with(), "First")
    reviewer.post(at(content, "send-back"), {"note": "Too long."})

    answer = reviewer.post(at(content, "reopen"), follow=True)

    content.refresh_from_db()
    assert content.status == Content.Status.REJECTED
    assert "nothing to take back" in answer.content.decode()


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


def test_the_checks_stand_beside_the_article_and_lead_to_its_lines(reviewer: Client) -> None:
    content = in_review(site_with(), "First")
    Content.objects.update(body="Opening.\n\n## Soil\n\nAs an AI language model, I dig.\n")

    text = reviewer.get(at(content)).content.decode()
    for name in ("On-page", "Readability", "Integrity"):
        assert f"<b>{name}</b>" in text
    assert "ranking" not in text
    places = set(re.findall(r'href="#(line-\d+)"', text))
    assert "line-5" in places
    assert places <= set(re.findall(r'id="(line-\d+)"', text))
    assert text.index('class="is-bad"') < text.index('<details class="passed">')


def test_every_place_of_the_demos_texts_is_there(reviewer: Client) -> None:
    content = in_review(site_with(), "First")
    Content.objects.update(body=f"{SHORT}\n\n- {LONG}\n- {LONG}\n\n> {LONG}\n\n{TABLE}\n")

    text = reviewer.get(at(content)).content.decode()
    places = set(re.findall(r'href="#(line-\d+)"', text))
    assert places
    assert places <= set(re.findall(r'id="(line-\d+)"', text))


SHORT = "## A [[placeholder]] in a heading"
LONG = "According to a study, 40 % of people were told that it was done by " + "many " * 30 + "."
TABLE = "| a | b |\n| --- | --- |\n| lorem ipsum | 5 % |"


def test_a_number_stands_in_the_queue_once_the_checks_have_looked(reviewer: Client) -> None:
    site = site_with()
    content, other = in_review(site, "First"), in_review(site, "Second")
    assert "not checked yet" in reviewer.get(at(content)).content.decode()

    inspect_what_changed()
    text = reviewer.get(at(content)).content.decode()
    assert "not checked yet" not in text
    assert text.count("the lowest of its three numbers") == 2
    assert set(Inspection.objects.values_list("content", flat=True)) == {content.pk, other.pk}


def test_a_list_never_lets_the_checks_look(reviewer: Client) -> None:
    content = in_review(site_with(), "First")

    reviewer.get(f"/s/{content.site.slug}/content/")
    assert not Inspection.objects.exists()


def test_checking_again_sees_what_others_wrote_since(reviewer: Client) -> None:
    site = site_with()
    content = in_review(site, "First")
    Content.objects.update(primary_keyword="tomatoes")
    reviewer.get(at(content))
    in_review(site, "Second")

    answer = reviewer.post(at(content, "check"), follow=True)
    assert "Checked again." in answer.content.decode()
    found = Inspection.objects.get(content=content).findings
    assert {f["code"]: f["severity"] for f in found}["keyphrase_used_before"] == "improve"


def test_whoever_came_from_a_filtered_list_comes_back_to_it(reviewer: Client) -> None:
    site = site_with()
    first, second = in_review(site, "First"), in_review(site, "Second")
    query = "?status=review&q=t"

    text = reviewer.get(f"/s/{site.slug}/content/{query}").content.decode()
    assert f"{at(first)}?status=review&amp;q=t" in text
    page = reviewer.get(f"{at(first)}{query}").content.decode()
    assert f'href="/s/{site.slug}/content/?status=review&amp;q=t"' in page
    assert f"{at(second)}?status=review&amp;q=t" in page
    assert reviewer.post(f"{at(first, 'approve')}{query}")["Location"] == f"{at(second)}{query}"
    last = reviewer.post(f"{at(second, 'approve')}{query}")
    assert last["Location"] == f"/s/{site.slug}/content/{query}"


def test_the_html_is_what_readers_get(reviewer: Client) -> None:
    content = in_review(site_with(), "First")

    text = reviewer.get(f"{at(content)}?view=html").content.decode()
    assert "&lt;h2&gt;Preparing the soil&lt;/h2&gt;" in text
    assert "line-" not in text.partition("<code>")[2].partition("</code>")[0]


def test_a_rejected_article_shows_its_note(reviewer: Client) -> None:
    content = in_review(site_with(), "First")
    reviewer.post(at(content, "send-back"), {"note": "Too long."})

    text = reviewer.get(at(content)).content.decode()
    assert "Sent back by" in text
    assert "Too long." in text


def test_questions_stand_in_the_text_once(reviewer: Client) -> None:
    content = in_review(site_with(), "First")
    faq = [{"question": "How often to water?", "answer": "Daily."}]
    Content.objects.update(faq=faq, body="Opening.\n\n### How often to water?\n\nDaily.")

    sheet = reviewer.get(at(content)).content.decode().partition("<article")[2]
    assert sheet.partition("</article>")[0].count("How often to water?") == 1


def test_the_pictures_are_told_apart_from_what_the_page_has(
    reviewer: Client, media_folder: Path
) -> None:
    content = in_review(site_with(), "First")
    [image] = images_of(content, 1)
    text = reviewer.get(at(content)).content.decode()
    since = re.findall(r"pictures\?since=([^\"]+)", text)[0]
    assert reviewer.get(at(content, f"pictures?since={since}")).status_code == 204

    Image.objects.filter(pk=image.pk).update(held_by="run:1")
    part = reviewer.get(at(content, f"pictures?since={since}")).content.decode()
    assert "Being made" in part
    Image.objects.filter(pk=image.pk).update(status="generated", file="garden/a.webp", held_by=None)
    answer = reviewer.get(at(content, f"pictures?since={since}"))
    assert answer.headers["HX-Refresh"] == "true"


def test_a_picture_is_offered_in_its_widths() -> None:
    content = content_of(site_with())
    head, inside = images_of(content, 2)
    for image in (head, inside):
        Image.objects.filter(pk=image.pk).update(
            status="generated", file="garden/a.webp", width=1600, height=900, widths=[800]
        )

    html = article_of(content).html
    assert 'srcset="/media/garden/a-800w.webp 800w, /media/garden/a.webp 1600w"' in html
    assert '<figure id="picture-1">' in html
