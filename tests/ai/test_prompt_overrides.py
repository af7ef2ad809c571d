"""A site's own prompts: versions, history, differences, reset, trial."""

import pytest

from igny8.ai.ask import Ask
from igny8.ai.models import AICall, PromptOverride
from igny8.ai.origin import Origin
from igny8.ai.prompts import prompt_fingerprint, render_prompt
from igny8.ai.prompts.overrides import (
    PromptChangedError,
    prompt_at,
    prompt_difference,
    prompt_history,
    reset_prompt,
    save_prompt,
    with_site_prompt,
)
from igny8.ai.prompts.trial import preview_prompt, try_prompt
from igny8.ai.prompts.validation import PromptError
from igny8.core.errors import UserError
from igny8.jobs.models import Worker
from igny8.sites.models import Site
from tests.ai.letters import PROMPT, letters, order_letters
from tests.factories import make_site
from tests.provider_server import ProviderServer

pytestmark = pytest.mark.django_db

OWN = "Sort them.\n\n" + PROMPT.read_text(encoding="utf-8")


@pytest.fixture
def site() -> Site:
    return make_site()


def save(site: Site, text: str = OWN, *, after: int = 0) -> PromptOverride:
    return save_prompt(order_letters, text, site=site, by="mara@example.org", after=after)


def test_a_site_without_a_prompt_of_its_own_uses_the_one_shipped(site: Site) -> None:
    assert with_site_prompt(order_letters, site.pk) is order_letters
    assert prompt_history(order_letters, site) == []


def test_a_saved_prompt_is_used_by_its_site_alone(site: Site) -> None:
    save(site)
    own = with_site_prompt(order_letters, site.pk)
    assert render_prompt(own, letters()).startswith("Sort them.")
    assert with_site_prompt(order_letters, make_site().pk) is order_letters


def test_another_prompt_is_another_fingerprint(site: Site) -> None:
    before = prompt_fingerprint(order_letters)
    save(site)
    first = prompt_fingerprint(with_site_prompt(order_letters, site.pk))
    save(site, OWN + "\n", after=1)
    second = prompt_fingerprint(with_site_prompt(order_letters, site.pk))
    assert len({before, first, second}) == 3
    reset_prompt(order_letters, site=site, by="ben", after=2)
    assert prompt_fingerprint(with_site_prompt(order_letters, site.pk)) == before


def test_every_version_is_kept_with_its_author_and_can_be_read(site: Site) -> None:
    save(site)
    reset_prompt(order_letters, site=site, by="ben@example.org", after=1)
    history = prompt_history(order_letters, site)
    assert [(one.version, one.made_by) for one in history] == [
        (2, "ben@example.org"),
        (1, "mara@example.org"),
    ]
    assert prompt_at(order_letters, site, 1) == OWN
    assert prompt_at(order_letters, site, 2) == PROMPT.read_text(encoding="utf-8")
    with pytest.raises(UserError, match="no version 7"):
        prompt_at(order_letters, site, 7)


def test_versions_are_compared_line_by_line(site: Site) -> None:
    save(site)
    changed = prompt_difference(order_letters, site, older=0, newer=1)
    assert [line for line in changed if line[0] in "+-"] == [
        "--- version 0",
        "+++ version 1",
        "+Sort them.",
        "+",
    ]
    assert prompt_difference(order_letters, site, older=1, newer=1) == []


def test_who_saves_over_somebody_elses_version_is_told(site: Site) -> None:
    save(site)
    with pytest.raises(PromptChangedError, match="Version 1 was saved in the meantime"):
        save(site)
    assert PromptOverride.objects.count() == 1


def test_a_prompt_that_cannot_be_used_is_not_saved(site: Site) -> None:
    with pytest.raises(PromptError):
        save(site, "Sort {{ letterz }}.")
    assert not PromptOverride.objects.exists()


def test_a_preview_shows_what_would_be_sent_without_a_call() -> None:
    shown = preview_prompt(order_letters, OWN, letters("ab"))
    assert shown.text == render_prompt(order_letters.with_prompt(OWN), letters("ab"))
    assert shown.tokens == -(-len(shown.text) // 4)
    assert not AICall.objects.exists()


def test_a_trial_asks_with_the_new_words_and_saves_only_its_call(
    site: Site, server: ProviderServer
) -> None:
    Worker.objects.create(id="worker-1", host="here", pid=1)
    origin = Origin(
        account_id=site.account_id,
        site_id=site.pk,
        site_slug=site.slug,
        run_ref="",
        stage=1,
        worker="worker-1",
        attempts=1,
        permit=lambda: None,
    )
    answer = try_prompt(Ask(origin), order_letters, OWN, letters("cab"), token="t1")
    assert answer.ids == ["k2", "k3", "k1"]
    assert server.asked[0].prompt.startswith("Sort them.")
    assert AICall.objects.get().key.startswith("order_letters/trial:t1/")
    assert not PromptOverride.objects.exists()


def test_a_site_takes_its_prompts_with_it(site: Site) -> None:
    save(site)
    site.delete()
    assert not PromptOverride.objects.exists()
