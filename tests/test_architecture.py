"""What must hold wherever code is added: layers, foreign keys, names, sizes, and what is gone."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tools.shape import shape_of

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("igny8", "tests", "bench", "tools")
LAYERS = (
    *("core", "theme", "jobs", "accounts", "sites", "credits"),
    *("ai", "planner", "writer", "publishing", "automation"),
)
OURS = [model for model in apps.get_models() if model.__module__.startswith("igny8.")]
MADE_HERE = {".git", ".venv", ".hypothesis", "data", "build", "dist", "__pycache__"}

HEAVY = (
    *("PIL", "genai_prices", "numpy", "openai", "pydantic_ai", "python_calamine", "sklearn"),
    "wordllama",
)
VAGUE_ENDINGS = ("Manager", "Service", "Helper", "Handler", "Engine", "Util", "Utils")
VAGUE_MODULES = {"utils", "util", "helpers", "helper", "common", "managers", "misc"}
NETWORK_DOORS = ("igny8/ai/providers", "igny8/publishing/adapters", "igny8/core/door")
NETWORK_MODULES = {"urllib.request", "http.client", "ftplib", "smtplib"}

# Written in pieces, so that this file passes its own tests.
GONE = [
    "".join(pieces)
    for pieces in (
        ("site", "_building"),
        ("site", "_builder"),
        ("site", "-builder"),
        ("site", "builder"),
        ("[site ", "builder]"),
        ("blue", "print"),
        ("site_structure", "_generation"),
        ("generate_page", "_content"),
        ("generate_site", "_structure"),
    )
]
ONE_MACHINE = re.compile(r"(?<![\w.~-])/(root|home|work)/\w")
REGISTRY = re.compile(r"\b(pypi|pythonhosted|npmjs|crates)\.(org|io|com)\b|--(extra-)?index-url")


def test_every_package_imports_only_what_is_below_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True, no_logo=True) == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_foreign_key_points_downwards() -> None:
    upwards = [
        f"{key.model.__name__}.{key.name}"
        for key in foreign_keys()
        if layer_of(key.model) < layer_of(target_of(key))
    ]
    assert not upwards


def test_the_network_is_opened_only_at_its_doors() -> None:
    elsewhere = [path for path in modules("igny8") if not str(path).startswith(NETWORK_DOORS)]
    assert not [path for path in elsewhere if imports_of(path) & NETWORK_MODULES]


def test_heavy_libraries_wait_until_they_are_needed() -> None:
    program = (
        "import sys, django, igny8.cli; django.setup();"
        "import igny8.config.wsgi, igny8.config.urls, igny8.automation.workflow;"
        f"print(*[name for name in {HEAVY} if name in sys.modules])"
    )
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "igny8.config.settings"}
    command = [sys.executable, "-c", program]
    loaded = subprocess.run(
        command, check=False, cwd=ROOT, env=settings, capture_output=True, text=True
    )
    assert (loaded.returncode, loaded.stdout.split()) == (0, []), loaded.stderr


@pytest.mark.parametrize("folder", FOLDERS)
def test_functions_and_files_are_short(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    _, faults = shape_of(Path(folder))
    assert not faults


def test_names_say_what_a_thing_is() -> None:
    classes = [
        f"{path}: {node.name}"
        for path in modules("igny8")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(VAGUE_ENDINGS)
    ]
    vague = [
        str(path) for path in modules("igny8") if VAGUE_MODULES & {*path.with_suffix("").parts}
    ]
    assert not classes + vague


def test_apps_are_labelled_after_their_folders() -> None:
    ours = [config for config in apps.get_app_configs() if config.name.startswith("igny8.")]
    labels = {config.label for config in ours}
    assert labels == {f"igny8_{config.name.removeprefix('igny8.')}" for config in ours}


def test_nothing_speaks_of_the_older_system() -> None:
    gone = re.compile("|".join(map(re.escape, GONE)))
    assert not [place for place in places_of(gone) if "legacy" not in place.partition(":")[0]]


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    assert not [*places_of(ONE_MACHINE), *places_of(REGISTRY)]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_name_no_address_and_pin_every_package_by_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = re.findall(r"^[a-z].*$", text, re.MULTILINE)
    assert "://" not in text
    assert not [line for line in pinned if "==" not in line or not line.endswith("\\")]


@pytest.mark.django_db
def test_models_and_migrations_agree_and_the_system_check_passes() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
    call_command("check", fail_level="WARNING")


def foreign_keys() -> Iterator["models.ForeignKey[models.Model, models.Model]"]:
    for model in OURS:
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and target_of(field) in OURS:
                yield field


def target_of(key: "models.ForeignKey[models.Model, models.Model]") -> type[models.Model]:
    target = key.related_model
    assert isinstance(target, type)
    return target


def layer_of(model: type[models.Model]) -> int:
    return LAYERS.index(model._meta.app_label.removeprefix("igny8_"))


def modules(folder: str) -> Iterator[Path]:
    """Paths below the root, so that a finding can be clicked."""
    return (path.relative_to(ROOT) for path in sorted((ROOT / folder).rglob("*.py")))


def parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def places_of(pattern: re.Pattern[str]) -> list[str]:
    """`path:line` of every line of text that the pattern, written in lower case, is found in."""
    texts = ((path, path.read_bytes()) for path in files())
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path, text in texts
        if b"\0" not in text
        for number, line in enumerate(text.decode("utf-8", "replace").lower().splitlines(), 1)
        if pattern.search(line)
    ]


def files() -> Iterator[Path]:
    for folder, below, names in os.walk(ROOT):
        below[:] = [
            n for n in below if n not in MADE_HERE and not n.endswith(("cache", ".egg-info"))
        ]
        yield from (Path(folder, name) for name in names)
