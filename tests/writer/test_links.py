import pytest

from igny8.writer.brief import Brief, Heading
from igny8.writer.functions.write_section import SectionQuestion, ask_section
from igny8.writer.links import Link, links_for, with_supplied_links
from igny8.writer.models import Content
from tests.factories import make_content, make_site

OURS = (Link(id="l7", title="Watering", address="/watering/"),)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("See [watering](l7).", "See [watering](/watering/)."),
        ("See [watering](/watering/).", "See [watering](/watering/)."),
        ("See [that](https://evil.test).", "See that."),
        ('See [that](https://evil.test "now").', "See that."),
        ("See [that](javascript:alert(1)).", "See that)."),
        ("See [that][1].\n\n[1]: https://evil.test\n", "See that.\n\n"),
        ("Look ![cat](https://evil.test/c.png) here", "Look  here"),
        ("<https://evil.test>", "https://evil.test"),
        (r"\[not a link\](l7)", r"\[not a link\](l7)"),
        ("`[code](l9)`", "`[code](l9)`"),
    ],
)
def test_only_supplied_links_stay(written: str, kept: str) -> None:
    assert with_supplied_links(written, OURS) == kept


def test_what_a_model_puts_around_a_section_is_taken_off() -> None:
    brief = Brief(
        title="t", angle="", primary_keyword="k", outline=(Heading(heading="Soil"),), links=OURS
    )
    raw = b"```markdown\n## Soil\n\nSee [more](l7) and [ads](https://x.test).\n```"

    prose = ask_section.parse(raw, SectionQuestion(brief=brief, number=1, words=60))

    assert prose.text == "See [more](/watering/) and ads."


@pytest.mark.django_db
def test_links_lead_to_published_articles_that_share_words() -> None:
    site, other = make_site(), make_site()
    near = make_content(site, "Watering tomatoes", status=Content.Status.PUBLISHED)
    make_content(site, "Choosing a laptop", status=Content.Status.PUBLISHED)
    make_content(site, "Watering roses", status=Content.Status.REVIEW)
    make_content(other, "Watering tomatoes", status=Content.Status.PUBLISHED)

    found = links_for(site, "How to start watering herbs")

    assert [(link.id, link.address) for link in found] == [(f"l{near.pk}", f"/{near.slug}/")]
