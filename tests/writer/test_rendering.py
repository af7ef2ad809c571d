"""Markdown to HTML: everything a writer needs, nothing that runs."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from igny8.writer.rendering import DEEPEST, LONGEST_BODY, TAGS, html_of, is_own_media

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<iframe src='https://evil.example'></iframe>",
    "[a](javascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:x)",
    "<javascript:alert(1)>",
    "![a](https://evil.example/pixel.gif)",
    "![a](//evil.example/pixel.gif)",
    "![a](data:image/gif;base64,R0lGODlhAQABAAAAACw=)",
    "![a](/media/../accounts/logout)",
    "![a](/media/%2e%2e/accounts/logout)",
    '[a]: javascript:alert(1) "x"\n[a]',
    '<svg onload="alert(1)">',
    '[a](https://example.org "\\" onmouseover=alert(1) \\"")',
    "`` `<b>` ``",
    "<a href=`javascript:alert(1)`>x</a>",
)
DANGEROUS = (
    "<script",
    "<iframe",
    "<svg",
    "onerror=alert(1)>",
    'src="http',
    'src="//',
    'href="java',
)


def test_what_an_article_consists_of_is_kept() -> None:
    html = html_of("## Head\n\nSome **bold** *text*.\n\n- one\n- two\n\n> quoted\n\n`code`")
    for piece in ("<h2>Head</h2>", "<strong>bold</strong>", "<li>one</li>", "<blockquote>"):
        assert piece in html


def test_a_table_keeps_its_alignment() -> None:
    html = html_of("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert "<td>1</td>" in html
    assert '<td style="text-align:right">2</td>' in html


def test_outbound_links_are_marked_and_our_own_are_not() -> None:
    html = html_of("[out](https://example.org) [in](/guide) [mail](mailto:a@example.org)")
    assert '<a href="https://example.org" rel="noopener nofollow">out</a>' in html
    assert '<a href="/guide">in</a>' in html
    assert '<a href="mailto:a@example.org">mail</a>' in html


def test_headings_stay_below_the_title_of_the_page() -> None:
    assert html_of("# One\n\n##### Five") == "<h2>One</h2>\n<h4>Five</h4>\n"


def test_only_pictures_of_our_own_are_shown() -> None:
    html = html_of(
        '![Basil](/media/demo/basil.webp "On a sill") ![*Foreign*](https://x.example/a.png)'
    )
    assert '<img src="/media/demo/basil.webp" alt="Basil" title="On a sill">' in html
    assert html.count("<img") == 1
    assert "Foreign" in html


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_gets_through(text: str) -> None:
    html = html_of(text)
    assert not any(piece in html for piece in DANGEROUS)
    assert "<img" not in html


def test_raw_html_shows_as_the_text_it_is() -> None:
    assert html_of("<b>x</b>") == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"


@pytest.mark.parametrize("address", ["/media/a/b.webp", "/media/a%20b.webp", "/media/été.webp"])
def test_addresses_below_the_media_folder_are_ours(address: str) -> None:
    assert is_own_media(address)


@pytest.mark.parametrize(
    "address",
    [
        "media/a.webp",
        "//media/a.webp",
        "/media/../a",
        "/media/%2E%2E/a",
        "/media\\..\\a",
        "/mediax/a",
    ],
)
def test_other_addresses_are_not_ours(address: str) -> None:
    assert not is_own_media(address)


def test_a_very_long_body_is_cut_between_blocks() -> None:
    html = html_of("word word word\n\n" * (LONGEST_BODY // 8))
    assert html.endswith("<p>word word word</p>\n<p>…</p>\n")


class Depth(HTMLParser):
    """How deep tags are nested."""

    now = deepest = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.now += tag not in ("br", "hr", "img")
        self.deepest = max(self.deepest, self.now)

    def handle_endtag(self, tag: str) -> None:
        self.now -= 1


@pytest.mark.parametrize(
    "text",
    [
        "*" * 20_000 + "a" + "*" * 20_000,
        "> " * 20_000 + "a",
        "".join(f"{'  ' * depth}- a\n" for depth in range(500)),
        "[" * 40_000,
        "![" * 20_000,
        "*a **b " * 6_000,
        "<" * 40_000,
        "|a" * 1_000 + "\n" + "|-" * 1_000 + "\n" + ("|b" * 1_000 + "\n") * 15,
    ],
)
def test_no_text_makes_it_slow_or_deep(text: str) -> None:
    started, depth = time.process_time(), Depth()
    depth.feed(html_of(text))
    assert time.process_time() - started < 5
    assert depth.deepest <= DEEPEST + 2


@given(st.text(alphabet=st.sampled_from(list("<>&\"'`*_[]()!#|-\n \\/:;=.abjx")), max_size=300))
def test_whatever_is_written_only_known_tags_come_out(text: str) -> None:
    opened = {part.split(">")[0].split(" ")[0].strip("/") for part in html_of(text).split("<")[1:]}
    assert opened <= TAGS


def test_blocks_get_the_numbers_of_their_lines_as_anchors() -> None:
    html = html_of("# A\n\nB\n\n- C\n- D\n\n> E\n\n```\nF\n```", lines=range(1, 13))

    assert '<h2 id="line-1">' in html
    assert '<p id="line-3">' in html
    assert '<li id="line-5">C' in html
    assert '<blockquote id="line-8">' in html
    assert '<code id="line-10">' in html
    assert html.count('id="line-8"') == 1


def test_what_was_put_in_gets_no_anchor_and_without_numbers_nothing_does() -> None:
    assert "id=" not in html_of("A\n\nB", lines=(0, 0, 0))
    assert "id=" not in html_of("A\n\nB")
