"""Articles written over HTTP: their parts in order, their length, what an editor is told."""

from collections.abc import Iterator

import pytest

from igny8.ai.ask import Ask
from igny8.ai.origin import Origin
from igny8.jobs.models import Worker
from igny8.writer.brief import Brief, Heading
from igny8.writer.composing import compose, findings_of
from tests.factories import make_site
from tests.provider_faults import Asked, Fault, says
from tests.provider_server import ProviderServer

pytestmark = pytest.mark.django_db

BRIEF = Brief(
    title="Basil indoors",
    angle="What light changes",
    primary_keyword="basil indoors",
    banned_words=("leverage",),
    target_words=400,
    outline=(Heading(heading="Light"), Heading(heading="Water"), Heading(heading="Pots")),
)


def words(number: int, *, more: str = "") -> Fault:
    return says(f"{'word ' * (number - 1)}end. {more}".strip())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    with ProviderServer() as running:
        monkeypatch.setenv("IGNY8_OPENAI_BASE_URL", running.base_url)
        monkeypatch.setenv("IGNY8_TEXT_MODEL", "test-model")
        yield running


@pytest.fixture
def ask(server: ProviderServer) -> Ask:
    site = make_site()
    Worker.objects.create(id="w", host="here", pid=1)
    return Ask(
        Origin(
            account_id=site.account_id,
            site_id=site.pk,
            site_slug=site.slug,
            run_ref="run:1",
            stage=4,
            worker="w",
            attempts=3,
            permit=lambda: None,
        )
    )


def test_sections_come_first_then_the_opening_and_the_end(ask: Ask, server: ProviderServer) -> None:
    server.fail(words(80))

    text = compose(BRIEF, ask, "generate_content/task:1/0")

    assert [one.function_name for one in server.asked] == [
        *["write_section"] * 3,
        "write_introduction",
        "write_conclusion",
    ]
    headings = [block for block in text.blocks(BRIEF) if block.startswith("##")]
    assert headings == ["## Light", "## Water", "## Pots", "## Conclusion"]
    assert findings_of(text, BRIEF, ask) == []
    assert all(one.body["max_tokens"] > 4000 for one in server.asked)


def test_a_short_article_has_two_sections_written_again(ask: Ask, server: ProviderServer) -> None:
    server.fail(words(130), when=lambda one: '"draft": "word' in one.prompt)
    server.fail(words(40), when=lambda one: '"draft": "word' not in one.prompt)

    text = compose(BRIEF, ask, "generate_content/task:1/0")

    assert server.count("write_section") == 5
    assert text.words == 2 * 130 + 3 * 40
    assert findings_of(text, BRIEF, ask) == []


def rewrites(asked: Asked) -> bool:
    return asked.function_name == "write_section" and '"draft": ""' not in asked.prompt


def test_a_section_that_was_written_again_lacks_no_end_any_more(
    ask: Ask, server: ProviderServer
) -> None:
    server.fail(words(130), when=rewrites)
    server.fail(words(60), when=lambda one: not rewrites(one))
    server.fail(says("Short. And th", "length"), times=3)

    text = compose(BRIEF, ask, "generate_content/task:1/0")

    assert (text.cut, [one.startswith("word") for one in text.sections]) == ([], [True] * 3)


def test_a_section_is_never_longer_than_one_can_be_asked_for(
    ask: Ask, server: ProviderServer
) -> None:
    """A person left one section of an outline that was planned for a long article."""
    server.fail(words(80))
    brief = BRIEF.model_copy(update={"target_words": 3500, "outline": BRIEF.outline[:1]})

    compose(brief, ask, "generate_content/task:1/0")

    assert '"words": 3000' in server.asked[0].prompt


def test_what_an_editor_should_know_is_said(ask: Ask, server: ProviderServer) -> None:
    server.fail(words(150, more="We leverage it."))
    server.fail(says("Never. Ends", "length"), when=lambda one: one.number <= 3)

    text = compose(BRIEF, ask, "generate_content/task:1/0")
    found = {one["code"]: one["message"] for one in findings_of(text, BRIEF, ask)}

    assert "“Light” reached" in found["cut_text"]
    assert found["word_budget"].endswith("400 were planned.")
    assert found["banned_words"] == "Words to avoid: leverage."


def test_words_to_avoid_are_looked_for_beside_the_text_too(
    ask: Ask, server: ProviderServer
) -> None:
    server.fail(words(80))
    text = compose(BRIEF, ask, "generate_content/task:1/0")

    [found] = findings_of(text, BRIEF, ask, beside="How to Leverage basil")

    assert found["message"] == "Words to avoid: leverage."
