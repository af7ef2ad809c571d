import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from igny8.onpage import Severity
from igny8.sites.models import Site
from igny8.writer.inspection import article_of, inspect_content
from igny8.writer.models import Content
from tests.factories import make_content, make_image, make_site

pytestmark = pytest.mark.django_db

BODY = "Moka pot cleaning takes ten minutes and a spoon of acid. " + " ".join(
    f"Step {n} needs {n * 3} seconds and tool {n * 7}." for n in range(40)
)


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def content(site: Site) -> Content:
    made = make_content(site, "Moka Pot Cleaning")
    Content.objects.filter(pk=made.pk).update(
        body=BODY, primary_keyword="moka pot cleaning", meta_title="Moka Pot Cleaning"
    )
    made.refresh_from_db()
    return made


def severity_of(content: Content, code: str) -> Severity:
    found = {one.code: one.severity for one in inspect_content(content).findings}
    return found[code]


def test_an_article_is_looked_at_with_its_plan_and_its_pictures(content: Content) -> None:
    make_image(content, file="a.webp")
    make_image(content, slot=1)
    article = article_of(content, site_links=["/guides"])
    assert [picture.is_ready for picture in article.images] == [True, False]
    assert article.target_words == content.task.idea.target_words
    assert article.site_links == ("/guides",)
    assert severity_of(content, "images") is Severity.IMPROVE


def test_articles_of_the_same_site_are_compared_and_rejected_ones_are_not(
    site: Site, content: Content
) -> None:
    assert severity_of(content, "keyphrase_used_before") is Severity.GOOD
    twin = make_content(site)
    Content.objects.filter(pk=twin.pk).update(body=BODY, primary_keyword="Moka Pot Cleaning")
    assert severity_of(content, "near_duplicate") is Severity.PROBLEM
    assert severity_of(content, "keyphrase_used_before") is Severity.IMPROVE
    Content.objects.filter(pk=twin.pk).update(status=Content.Status.REJECTED)
    assert severity_of(content, "keyphrase_used_before") is Severity.GOOD


def test_articles_of_other_sites_are_never_compared(content: Content) -> None:
    theirs = make_content(make_site())
    Content.objects.filter(pk=theirs.pk).update(body=BODY, primary_keyword="moka pot cleaning")
    assert article_of(content).siblings == ()


def test_looking_writes_nothing(content: Content) -> None:
    with CaptureQueriesContext(connection) as queries:
        inspect_content(content)
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
