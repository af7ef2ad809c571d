"""The page a demo run leaves behind."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from igny8.automation.demo_body import Picture, fitted_body
from igny8.automation.demo_page import (
    Article,
    ClusterSection,
    Command,
    Counts,
    DemoPage,
    KeywordLine,
    StageTime,
    duration_text,
    readings_of,
    render,
    time_slices,
    topics_of,
)

HOSTILE = "\"><script>alert(1)</script>'&"
TITLES = (
    "Keywords → Clusters",
    "Clusters → Ideas",
    "Ideas → Tasks",
    "Tasks → Content",
    "Content → Image Prompts",
    "Image Prompts → Images",
    "Manual Review Gate",
)


class Outline(HTMLParser):
    """Every start tag of a document with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def article(slug: str = "grow-basil", cluster: str = "Basil", title: str = "Grow Basil") -> Article:
    return Article(
        title=title,
        slug=slug,
        cluster=cluster,
        intent="informational",
        words=880,
        meta_title=title,
        meta_description="How to begin.",
        html='<p>First.</p><h2 id="light">Light</h2><p>Sun.</p><p>More sun.</p>',
        featured=Picture(path=f"images/{slug}.webp", alt="A basil plant"),
        images=(Picture(path=f"images/{slug}-1.webp", alt="A window", anchor="light"),),
        keywords=("grow basil",),
    )


def demo_page(
    articles: tuple[Article, ...] = (article(),), site_name: str = "Herbs", keyword: str = "basil"
) -> DemoPage:
    return DemoPage(
        site_name=site_name,
        run_id="run_0001",
        started=datetime(2026, 11, 4, 7, 12, tzinfo=UTC),
        seconds=38.4,
        counts=Counts(keywords=168, clusters=1, ideas=1, tasks=1, articles=1, images=2),
        stages=tuple(
            StageTime(number=number, title=title, total=3, created=3, seconds=0.5)
            for number, title in enumerate(TITLES, start=1)
        ),
        clusters=(
            ClusterSection(
                name="Basil",
                intent="informational",
                keywords=(KeywordLine(text=keyword, volume=4400, similarity=0.9),),
                ideas=("Grow Basil",),
            ),
        ),
        articles=articles,
        next_command="igny8 up",
        commands=(Command(text="igny8 up", does="Serve the site"),),
    )


def empty_page() -> DemoPage:
    return DemoPage(
        site_name="Herbs",
        run_id="–",
        started=datetime(2026, 11, 4, tzinfo=UTC),
        seconds=0,
        counts=Counts(keywords=0, clusters=0, ideas=0, tasks=0, articles=0, images=0),
        stages=(),
        clusters=(),
        articles=(),
        next_command="igny8 demo",
    )


@pytest.mark.parametrize(
    "page",
    [
        demo_page(site_name=HOSTILE),
        demo_page(keyword=HOSTILE),
        demo_page(articles=(article(title=HOSTILE, cluster=HOSTILE),)),
    ],
    ids=["site", "keyword", "title"],
)
def test_hostile_text_is_shown_and_never_becomes_markup(page: DemoPage) -> None:
    html = render(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert not Outline(html).all("script")


def test_nothing_is_asked_of_another_machine() -> None:
    html = render(demo_page())
    assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", html)
    assert "url(http" not in html
    assert "@import" not in html
    assert [link["href"] for link in Outline(html).all("link")] == ["data:,"]


def test_the_page_forbids_scripts_and_foreign_requests_itself() -> None:
    policies = [
        meta["content"] or ""
        for meta in Outline(render(demo_page())).all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'")


def test_every_picture_says_its_size_and_all_but_the_first_wait_until_seen() -> None:
    pictures = Outline(render(demo_page())).all("img")
    assert len(pictures) == 4
    assert all(picture["width"] == "1600" and picture["height"] == "900" for picture in pictures)
    assert [picture["loading"] for picture in pictures] == ["eager", "lazy", "lazy", "lazy"]


def test_every_link_inside_the_page_has_its_target() -> None:
    pages = (article(), article("prune-basil"), article("dry-mint", cluster="Mint"))
    outline = Outline(render(demo_page(articles=pages)))
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    targets = {(link["href"] or "").removeprefix("#") for link in outline.all("a")}
    assert targets <= set(ids)
    assert len(ids) == len(set(ids))


def test_an_article_is_opened_by_its_card_and_read_whole() -> None:
    html = render(demo_page())
    assert '<a href="#read-grow-basil">Grow Basil</a>' in html
    assert "More sun." in html


def test_no_template_tag_is_left_in_the_pages() -> None:
    for page in (demo_page(), empty_page()):
        assert not re.search(r"\{\{|\{%|\{#", render(page))


def test_the_page_says_that_no_model_wrote_it() -> None:
    assert "without an AI model" in render(demo_page())


def test_all_seven_stages_and_the_gate_are_shown() -> None:
    html = render(demo_page())
    assert all(title in html for title in TITLES)
    assert "Automation stops here" in html


def test_an_article_without_a_picture_says_so() -> None:
    bare = Article(
        title="Mint",
        slug="mint",
        cluster="Mint",
        intent="informational",
        words=500,
        meta_title="Mint",
        meta_description="",
        html="<p>Text.</p>",
    )
    html = render(demo_page(articles=(bare,)))
    assert "No picture" in html
    assert not Outline(html).all("img")


def test_a_page_of_nothing_tells_how_to_begin() -> None:
    html = render(empty_page())
    assert "No article yet" in html
    assert "igny8 demo" in html


def test_an_article_of_an_unlisted_cluster_gets_a_topic_of_its_own() -> None:
    topics = topics_of(demo_page(articles=(article(), article("mint", cluster="Mint"))))
    assert [topic.cluster.name for topic in topics] == ["Basil", "Mint"]


def test_readings_follow_the_topics_and_know_their_neighbours() -> None:
    pages = (article("mint", cluster="Mint"), article("a"), article("b"))
    readings = readings_of(topics_of(demo_page(articles=pages)))
    assert [reading.article.slug for reading in readings] == ["a", "b", "mint"]
    assert readings[0].before is None
    assert readings[1].before is readings[0].article
    assert readings[1].after is readings[2].article
    assert readings[2].after is None


def test_the_time_bar_is_filled_exactly() -> None:
    seconds = (0.1, 0.1, 0.1, 11.8, 0.0, 22.7)
    slices = time_slices(
        StageTime(number=number, title="", total=1, created=1, seconds=each)
        for number, each in enumerate(seconds, start=1)
    )
    assert [piece.number for piece in slices] == [1, 2, 3, 4, 6]
    assert sum(piece.length for piece in slices) == 1000
    assert slices[-1].start + slices[-1].length == 1000


def test_a_run_that_took_no_time_has_no_time_bar() -> None:
    assert time_slices(()) == ()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (38.44, "38.4 s"), (59.96, "1 min 0 s"), (125, "2 min 5 s")],
)
def test_durations_read_as_people_say_them(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize("anchor", ["need", "What you  need & why", "what-you-need-why"])
def test_a_picture_follows_the_first_paragraph_of_its_section(anchor: str) -> None:
    html = (
        '<p>Start.</p><h2 id="need">What <em>you</em> need &amp; why</h2>'
        "<p>One.</p><p>Two.</p><h2>End</h2>"
    )
    body = fitted_body(html, (Picture(path="a.webp", alt="A", anchor=anchor),), prefix="x")
    assert re.search(r"<p>One\.</p><figure><img src=\"a\.webp\"[^>]*></figure><p>Two\.</p>", body)


def test_a_caption_stands_below_its_picture() -> None:
    body = fitted_body("", (Picture(path="a.webp", alt="A", caption="<Sun>"),), prefix="x")
    assert body.endswith("><figcaption>&lt;Sun&gt;</figcaption></figure>")


def test_a_picture_of_no_known_section_closes_the_article() -> None:
    body = fitted_body("<p>Start.</p>", (Picture(path="a.webp", alt="A"),), prefix="x")
    assert body.endswith("</figure>")


def test_ids_and_links_of_a_body_carry_its_prefix_and_text_stays() -> None:
    html = '<h2 id="faq">Say id="faq"</h2><p><a href="#faq">up</a> <a href="/x#faq">out</a></p>'
    body = fitted_body(html, (), prefix="mint")
    assert 'id="mint-faq"' in body
    assert 'href="#mint-faq"' in body
    assert 'href="/x#faq"' in body
    assert 'Say id="faq"' in body


def test_alternative_text_and_prefix_are_escaped() -> None:
    html = '<h2 id="a">A</h2>'
    body = fitted_body(html, (Picture(path="a.webp", alt=HOSTILE),), prefix=HOSTILE)
    assert "<script>" not in body
