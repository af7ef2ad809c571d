"""`igny8 doctor`."""

import json
from pathlib import Path

import pytest

from igny8.automation.models import AutomationRun
from igny8.cli.environment import file_system_of, machine_checks
from igny8.writer.models import Image
from tests.cli.conftest import Command

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
nas:/home /srv/my\\040share nfs4 rw 0 0
tmpfs /srv/my\\040share/scratch tmpfs rw 0 0
"""


def test_after_a_finished_run_everything_holds(igny8: Command, finished: AutomationRun) -> None:
    result = igny8("doctor", "--json")
    found = json.loads(result.stdout)
    assert [check for check in found["checks"] if not check["ok"]] == []
    assert found["ok"] is True
    assert result.exit_code == 0
    assert set(found["checks"][0]) == {"name", "ok", "detail"}


def test_what_is_wrong_is_named_with_advice_and_fails(
    igny8: Command, finished: AutomationRun, media_folder: Path
) -> None:
    image = Image.objects.earliest("pk")
    (media_folder / image.file).unlink()
    result = igny8("doctor")
    assert result.exit_code == 1
    assert f"FAIL  image files: {image.file}. Restore them from a backup" in result.stdout
    assert "1 failed." in result.stdout


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/home", "ext4"), ("/srv/my share/data", "nfs4"), ("/srv/my share/scratch", "tmpfs")],
)
def test_the_file_system_of_a_folder_is_that_of_its_nearest_mount(path: str, kind: str) -> None:
    assert file_system_of(Path(path), MOUNTS) == kind


def test_a_folder_that_is_not_made_yet_can_be_judged(
    data_folder: Path,
) -> None:
    assert not data_folder.exists()
    found = {check.name: check.ok for check in machine_checks()}
    assert found["data folder"]
    assert found["font"]
    assert found["word vectors"]


def test_a_folder_that_cannot_be_written_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("a file")
    monkeypatch.setenv("IGNY8_DATA", str(tmp_path / "data"))
    [finding] = [check for check in machine_checks() if check.name == "data folder"]
    assert not finding.ok
    assert "set IGNY8_DATA" in finding.detail
