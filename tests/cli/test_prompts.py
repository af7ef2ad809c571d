"""`igny8 prompts`: a site's own wording of what models are told."""

import json
import time
from pathlib import Path

import pytest

from igny8.ai.models import PromptOverride
from igny8.ai.prompts import prompt_text
from igny8.automation.prompts import PROMPTS, prompt_named
from igny8.sites.models import Site
from tests.cli.conftest import Command

SHIPPED = prompt_text(prompt_named("write_section").function)
OWN = "Write as a gardener would.\n" + SHIPPED


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "section.md"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_all_prompts_are_listed(igny8: Command, garden: Site) -> None:
    told = json.loads(igny8("prompts", "list", "--site", garden.slug, "--json").stdout)

    assert [row["prompt"] for row in told] == [one.function.name for one in PROMPTS]
    assert not any(row["custom"] for row in told)
    assert "Write sections" in igny8("prompts", "list", "--site", garden.slug).stdout


def test_a_prompt_is_set_shown_compared_and_reset(igny8: Command, garden: Site, file: Path) -> None:
    on = ("--site", garden.slug)

    assert "version 1 is in use" in igny8("prompts", "set", "write_section", str(file), *on).stdout
    assert igny8("prompts", "show", "write_section", *on).stdout == OWN
    assert igny8("prompts", "show", "write_section", "--version", "0", *on).stdout == SHIPPED
    assert "+Write as a gardener would." in igny8("prompts", "diff", "write_section", *on).stdout
    assert "as version 2" in igny8("prompts", "reset", "write_section", *on).stdout
    assert igny8("prompts", "diff", "write_section", *on).stdout == "Both read the same.\n"
    told = json.loads(igny8("prompts", "history", "write_section", "--json", *on).stdout)
    assert [(row["version"], row["custom"]) for row in told] == [(2, False), (1, True)]


def test_a_prompt_comes_from_standard_input(igny8: Command, garden: Site) -> None:
    igny8("prompts", "set", "write_section", "-", "--site", garden.slug, stdin=OWN)

    assert PromptOverride.objects.get().text == OWN


def test_a_preview_fills_the_file_in_without_a_call(
    igny8: Command, garden: Site, file: Path
) -> None:
    told = igny8("prompts", "preview", "write_section", str(file), "--site", garden.slug).stdout

    assert told.startswith("Write as a gardener would.")
    assert "{{" not in told


def test_the_variables_are_listed(igny8: Command, garden: Site) -> None:
    told = igny8("prompts", "show", "write_section", "--variables", "--site", garden.slug).stdout

    assert "question.words" in told
    assert "needed" in told.splitlines()[0]


def test_what_was_changed_meanwhile_is_not_overwritten(
    igny8: Command, garden: Site, file: Path
) -> None:
    words = ("prompts", "set", "write_section", str(file), "--after", "0", "--site", garden.slug)
    igny8(*words)

    result = igny8(*words)

    assert result.exit_code == 1
    assert "Version 1 was saved in the meantime" in result.stderr


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{{ "a"*10**10 }}\n', "only a variable's name may stand there"),
        ("{% for a in (1..1000000000) %}x{% endfor %}", "for %} is not available"),
        ("{{ question.wordz }}", "did you mean question.words"),
        ("Write.", "{{ question }} is needed but missing"),
    ],
)
def test_what_cannot_be_used_is_refused_within_a_second(
    igny8: Command, garden: Site, text: str, sentence: str
) -> None:
    igny8("prompts", "list", "--site", garden.slug)
    begun = time.process_time()

    result = igny8("prompts", "set", "write_section", "-", "--site", garden.slug, stdin=text)

    assert time.process_time() - begun < 1
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())
    assert not PromptOverride.objects.exists()


def test_a_prompt_that_is_not_there_is_answered_with_those_that_are(
    igny8: Command, garden: Site
) -> None:
    result = igny8("prompts", "show", "write_poems", "--site", garden.slug)

    assert result.exit_code == 2
    assert "write_section" in result.stderr


def test_a_file_that_is_not_there_is_named(igny8: Command, garden: Site) -> None:
    result = igny8("prompts", "set", "write_section", "nowhere.md", "--site", garden.slug)

    assert result.exit_code == 2
    assert "nowhere.md cannot be read" in result.stderr
