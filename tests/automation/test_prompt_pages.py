"""The pages where a site words its prompts, asked for by people of each role."""

import re
import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from igny8.accounts.models import AuditEntry, Role
from igny8.ai.models import AICall, PromptOverride
from igny8.ai.prompts import prompt_text
from igny8.ai.prompts.overrides import save_prompt
from igny8.automation.models import AutomationRun
from igny8.automation.prompt_items import item_of
from igny8.automation.prompts import PROMPTS, Prompt, prompt_named
from igny8.automation.runs import start_run
from igny8.credits.models import CreditEntry, PriceOverride
from igny8.sites.models import Site
from tests.automation.conftest import server
from tests.automation.world import configure, content_of, images_of, phrases, site_with
from tests.people import client_of, person_with
from tests.provider_server import ProviderServer

__all__ = ["server"]

pytestmark = pytest.mark.django_db
SECTION = prompt_named("write_section")
SHIPPED = prompt_text(SECTION.function)
OWN = "Write as a gardener would.\n" + SHIPPED
BOMB = '{{ "a"*10**10 }}\n' + SHIPPED


@pytest.fixture
def site(db: None) -> Site:
    return site_with(phrases(3))


@pytest.fixture
def editor(db: None) -> Client:
    return client_of(person_with(Role.EDITOR))


def at(site: Site, step: str = "") -> str:
    return f"/s/{site.slug}/prompts/write_section/{step}"


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def save(site: Site, text: str = OWN, *, by: str = "Ben", after: int = 0) -> None:
    save_prompt(SECTION.function, text, site=site, by=by, after=after)


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{16})"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: prompt.function.name)
def test_every_prompt_has_its_page_with_preview_and_price(
    prompt: Prompt, site: Site, editor: Client
) -> None:
    page = text_of(editor, f"/s/{site.slug}/prompts/{prompt.function.name}/")

    assert prompt.title in page
    assert "The prompt as the model gets it" in page
    assert "Try · free" in page


def test_the_list_says_which_prompts_are_the_sites_own(site: Site, editor: Client) -> None:
    save(site)

    page = text_of(editor, at(site))

    assert "Custom, version 1" in page
    assert page.count("<small>Default</small>") == len(PROMPTS) - 1


def test_a_prompt_is_saved_with_its_author_and_told_to_the_audit_log(
    site: Site, editor: Client
) -> None:
    answer = editor.post(at(site, "save"), {"text": OWN.replace("\n", "\r\n"), "after": "0"})

    assert answer.status_code == 302
    stored = PromptOverride.objects.get()
    assert (stored.text, stored.made_by) == (OWN, "editor@example.com")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.thing, entry.note) == (
        "changed the prompt",
        "Write sections",
        "version 1",
    )


def test_what_is_wrong_is_said_in_the_banner_at_the_line_and_on_the_chip(
    site: Site, editor: Client
) -> None:
    wrong = "Write it.\n{{ question.word }} words\n"

    answer = editor.post(at(site, "save"), {"text": wrong, "after": "0"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "did you mean question.words" in page
    assert '<li class="bad">2</li>' in page
    assert 'class="chip is-bad" data-insert="{{ question }}"' in page
    assert 'aria-disabled="true" aria-describedby="save-why"' in page
    assert "Fix 2 problems first" in page
    assert "question.word }} words" in page
    assert not PromptOverride.objects.exists()


def test_typing_is_answered_with_the_parts_around_the_text(site: Site, editor: Client) -> None:
    answer = editor.post(
        at(site, "check"), {"text": OWN, "after": "0"}, headers={"HX-Request": "true"}
    )

    parts = answer.content.decode()
    assert parts.count("<hx-partial") == 7
    assert "Write as a gardener would." in parts
    assert "<textarea" not in parts
    assert not PromptOverride.objects.exists()


def test_without_javascript_the_unsaved_text_is_previewed_on_a_page(
    site: Site, editor: Client
) -> None:
    page = editor.post(at(site, "check"), {"text": OWN, "after": "0"}).content.decode()

    assert page.count("Write as a gardener would.") == 2
    assert not AICall.objects.exists()


def test_who_saves_over_somebody_elses_version_sees_both_and_decides(
    site: Site, editor: Client
) -> None:
    save(site, OWN, by="Ben")
    mine = "Write as a cook would.\n" + SHIPPED

    answer = editor.post(at(site, "save"), {"text": mine, "after": "0"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ben saved version 1 while you were writing" in page
    assert '<del><span class="sr">Gone: </span>Write as a gardener would.</del>' in page
    assert 'name="after" value="1"' in page
    assert PromptOverride.objects.count() == 1
    assert editor.post(at(site, "save"), {"text": mine, "after": "1"}).status_code == 302


def test_somebody_elses_version_is_told_while_typing(site: Site, editor: Client) -> None:
    save(site)

    answer = editor.post(
        at(site, "check"), {"text": OWN, "after": "0"}, headers={"HX-Request": "true"}
    )

    assert "Both read the same" in answer.content.decode()


def test_a_text_that_is_in_use_already_makes_no_version(site: Site, editor: Client) -> None:
    editor.post(at(site, "save"), {"text": SHIPPED, "after": "0"})

    assert not PromptOverride.objects.exists()


def test_reset_asks_first_and_makes_a_version(site: Site, editor: Client) -> None:
    save(site)

    assert "stays in the history" in text_of(editor, at(site, "reset"))
    editor.post(at(site, "reset"), {"after": "1"})

    assert PromptOverride.objects.order_by("-version").values_list("version", "text")[0] == (2, "")


def test_an_older_version_is_compared_and_restored_as_a_new_one(site: Site, editor: Client) -> None:
    save(site)
    save(site, SHIPPED + "Be brief.\n", after=1)

    page = text_of(editor, at(site, "history?version=2&with=1"))
    assert "Version 2 compared with version 1" in page
    assert "Be brief." in page
    editor.post(at(site, "restore"), {"version": "1", "after": "2"})

    assert PromptOverride.objects.get(version=3).text == OWN
    assert editor.get(at(site, "history?version=9")).status_code == 404


def test_a_viewer_reads_and_cannot_write(site: Site) -> None:
    save(site)
    viewer = client_of(person_with(Role.VIEWER))

    page = text_of(viewer, at(site))

    assert "readonly" in page
    assert not [word for word in ("Save version", "Try ·", "Reset to default") if word in page]
    assert "Restore" not in text_of(viewer, at(site, "history"))
    for step in ("save", "check", "try", "reset", "restore"):
        assert viewer.post(at(site, step), {"text": OWN}).status_code == 404


def test_a_prompt_that_is_not_there_is_not_found(site: Site, editor: Client) -> None:
    assert editor.get(f"/s/{site.slug}/prompts/site_structure/").status_code == 404


@pytest.mark.parametrize("step", ["check", "save", "try"])
def test_a_bomb_is_refused_within_a_second(step: str, site: Site, editor: Client) -> None:
    text_of(editor, at(site))
    begun = time.process_time()

    page = editor.post(at(site, step), {"text": BOMB, "after": "0"}).content.decode()

    assert time.process_time() - begun < 1
    assert "only a variable" in page
    assert not AICall.objects.exists()


def test_a_trial_shows_the_models_answer_and_stores_only_its_call(
    site: Site, editor: Client, server: ProviderServer
) -> None:
    shown = text_of(editor, at(site))
    sent = {"text": OWN, "after": "0", "token": token_in(shown)}

    page = editor.post(at(site, "try"), sent).content.decode()

    assert "Valid answer in" in page
    assert server.asked[0].prompt.startswith("Write as a gardener would.")
    call = AICall.objects.get()
    assert (call.state, call.run_ref, call.site_id) == ("answered", "", site.pk)
    assert not PromptOverride.objects.exists()


def test_a_trial_sent_twice_is_paid_once(
    site: Site, editor: Client, server: ProviderServer
) -> None:
    sent = {"text": OWN, "after": "0", "token": token_in(text_of(editor, at(site)))}

    pages = [editor.post(at(site, "try"), sent).content.decode() for _ in range(2)]

    assert all("Valid answer in" in page for page in pages)
    assert server.count() == 1
    editor.post(at(site, "try"), {**sent, "token": token_in(pages[1])})
    assert server.count() == 2


def test_a_trial_names_its_price_and_is_booked_at_it(
    site: Site, editor: Client, server: ProviderServer
) -> None:
    with_price(site)
    shown = text_of(editor, at(site))
    assert re.search(r"Try · ~[0-9.]+ credits", shown)

    page = editor.post(at(site, "try"), {"text": OWN, "after": "0", "token": token_in(shown)})

    assert "s · 0.2 credits" in page.content.decode()
    line = CreditEntry.objects.get()
    assert (line.credits, line.run_ref, line.site_id) == (Decimal("0.2"), "", site.pk)


def test_a_trial_keeps_to_the_budget_of_the_day(
    site: Site, editor: Client, server: ProviderServer
) -> None:
    with_price(site)
    configure(site, budget_day=Decimal("0.1"))
    sent = {"text": OWN, "after": "0", "token": token_in(text_of(editor, at(site)))}

    page = editor.post(at(site, "try"), sent).content.decode()

    assert "Raise the budget to go on." in page
    assert server.count() == 0


def with_price(site: Site) -> None:
    """120 tokens in and 80 out are 0.2 credits."""
    PriceOverride.objects.create(
        account=site.account, model="test-model", input_rate=10_000_000, output_rate=10_000_000
    )


def test_a_page_that_is_typed_on_keeps_its_trial(site: Site, editor: Client) -> None:
    token = token_in(text_of(editor, at(site)))
    sent = {"text": OWN, "after": "0", "token": token}

    assert token_in(editor.post(at(site, "check"), sent).content.decode()) == token
    assert token_in(editor.post(at(site, "try"), sent).content.decode()) != token


def test_a_trial_that_fails_says_why(site: Site, editor: Client, server: ProviderServer) -> None:
    server.fail("refusal")
    sent = {"text": OWN, "after": "0", "token": token_in(text_of(editor, at(site)))}

    page = editor.post(at(site, "try"), sent).content.decode()

    assert "No usable answer" in page
    assert "The model declined" in page


def test_a_picture_that_is_tried_is_shown(
    site: Site, editor: Client, server: ProviderServer
) -> None:
    image = prompt_named("generate_images")
    sent = {"text": prompt_text(image.function), "after": "0", "token": "0" * 16}

    page = editor.post(f"/s/{site.slug}/prompts/generate_images/try", sent).content.decode()

    assert 'src="data:image/webp;base64,' in page


def test_prompts_are_shown_with_what_the_site_has() -> None:
    content = content_of(site_with([]), "Growing mint")
    images_of(content, 1)

    about = {one.function.name: item_of(one, content.site).about for one in PROMPTS}

    assert about["write_section"].startswith("The idea “")
    assert about["generate_image_prompts"] == "The article “Growing mint”."
    assert about["generate_images"] == "The first picture of “Growing mint”."


def test_a_run_keeps_the_prompt_it_began_with(
    site: Site, server: ProviderServer, drive: Callable[[AutomationRun], AutomationRun]
) -> None:
    run = start_run(site, stop_after=4)
    save(site)

    drive(run)

    told = [one.prompt for one in server.asked if one.function_name == "write_section"]
    assert told
    assert not [prompt for prompt in told if prompt.startswith("Write as a gardener would.")]


def test_the_next_run_tells_the_prompt_that_was_saved(
    site: Site, server: ProviderServer, drive: Callable[[AutomationRun], AutomationRun]
) -> None:
    save(site)

    drive(start_run(site, stop_after=4))

    told = [one.prompt for one in server.asked if one.function_name == "write_section"]
    assert told
    assert all(prompt.startswith("Write as a gardener would.") for prompt in told)
