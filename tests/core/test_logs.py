"""What a line of the process's log carries, and what it must never carry."""

import json
import logging
import sys

import pytest

from igny8.core.logs import JsonLines, TextLines, logged_as, name_work, without_secrets

CANARY = "canary-3f9d2c7b"
FORMATS = (TextLines(), JsonLines())


def record(message: str, *args: object, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("igny8.test", logging.WARNING, __file__, 1, message, args, None)
    made.fields = fields
    return made


@pytest.mark.parametrize("form", FORMATS)
def test_a_key_of_the_environment_is_in_no_line(
    form: logging.Formatter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("IGNY8_SECRET_KEYS", f"other-key,{CANARY}-sealed")
    monkeypatch.setenv("DATABASE_URL", f"postgresql://me:{CANARY}-db@db.example:5432/igny8")
    line = record("sent %s to %s", CANARY, {"key": f"{CANARY}-sealed"})
    try:
        raise ValueError(f"postgresql://me:{CANARY}-db@db.example:5432/igny8 is away")
    except ValueError:
        line.exc_info = sys.exc_info()

    assert "canary" not in form.format(line)


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}",
        f"sk-{CANARY}",
        f"postgresql://me:{CANARY}@db.example/igny8",
        f'{{"api_key": "{CANARY}"}}',
        f"password={CANARY}",
    ],
)
def test_what_looks_like_a_key_is_hidden_too(text: str) -> None:
    assert "canary" not in without_secrets(text)


def test_ordinary_sentences_stay_as_they_are() -> None:
    text = "run 12: task-88 took 3.2 s at http://127.0.0.1:8000/healthz (keys: 3)"
    assert without_secrets(text) == text


def test_a_line_for_programs_is_one_object_with_its_fields() -> None:
    line = json.loads(JsonLines().format(record("done", run=3, site="herbs", stage=4)))
    assert line["message"] == "done"
    assert line["level"] == "warning"
    assert (line["run"], line["site"], line["stage"]) == (3, "herbs", 4)
    assert line["at"].endswith("Z")


def test_a_line_for_people_ends_with_where_it_happened() -> None:
    assert TextLines().format(record("done", run=3)).endswith("igny8.test: done [run=3]")


def test_a_message_cannot_pass_for_a_second_line() -> None:
    text = TextLines().format(record("gone\n2026-01-01 ERROR forged\x1b[31m"))
    assert "\n" not in text
    assert "\x1b" not in text


def test_work_names_itself_on_its_lines_and_on_no_others() -> None:
    lines = []

    @logged_as("run")
    def work(run: int) -> None:
        name_work(site="herbs")
        lines.append(json.loads(JsonLines().format(record("working"))))

    work(7)
    name_work(site="nobody's")

    assert (lines[0]["run"], lines[0]["site"]) == (7, "herbs")
    assert "site" not in json.loads(JsonLines().format(record("after")))
