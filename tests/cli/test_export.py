"""`igny8 export`."""

from pathlib import Path

from igny8.automation.models import AutomationRun
from igny8.sites.models import Site
from igny8.writer.models import Content, Image
from igny8.writer.pictures import files_of
from tests.automation.world import content_of
from tests.cli.conftest import Command


def test_articles_and_images_are_written_and_a_second_export_changes_nothing(
    igny8: Command, finished: AutomationRun, tmp_path: Path
) -> None:
    first = igny8("export", "--site", "garden", "--to", str(tmp_path / "out"))
    assert first.exit_code == 0
    articles = Content.objects.count()
    pictures = sum(len(files_of(one.file, one.widths)) for one in Image.objects.all())
    assert len(list((tmp_path / "out").glob("*.md"))) == articles
    assert len(list((tmp_path / "out" / "images").iterdir())) == pictures
    assert f"({articles + pictures} files new or changed)" in first.stdout
    again = igny8("export", "--site", "garden", "--to", str(tmp_path / "out"))
    assert "(0 files new or changed)" in again.stdout


def test_one_status_is_chosen(igny8: Command, garden: Site, tmp_path: Path) -> None:
    content_of(garden, "A draft")
    Content.objects.update(status=Content.Status.APPROVED)
    content_of(garden, "Another draft")
    words = ("export", "--site", "garden", "--to", str(tmp_path / "out"))
    assert igny8(*words, "--status", "approved").stdout.startswith("1 article ")
    assert igny8(*words, "--status", "review").stdout.startswith("garden has no article")


def test_drafts_are_left_out_unless_asked_for(igny8: Command, garden: Site, tmp_path: Path) -> None:
    content_of(garden)
    words = ("export", "--site", "garden", "--to", str(tmp_path / "out"))
    assert "no article to export" in igny8(*words).stdout
    assert igny8(*words, "--status", "draft").stdout.startswith("1 article ")


def test_an_unknown_status_is_answered_with_those_there_are(
    igny8: Command, garden: Site, tmp_path: Path
) -> None:
    result = igny8("export", "--site", "garden", "--to", str(tmp_path), "--status", "done")
    assert result.exit_code == 2
    assert "review, approved" in result.stderr


def test_a_file_where_the_folder_should_be_is_a_sentence(
    igny8: Command, garden: Site, tmp_path: Path
) -> None:
    content_of(garden)
    Content.objects.update(status=Content.Status.REVIEW)
    (tmp_path / "out").write_text("a file")
    result = igny8("export", "--site", "garden", "--to", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_an_image_whose_file_is_gone_is_told(
    igny8: Command, finished: AutomationRun, media_folder: Path, tmp_path: Path
) -> None:
    image = Image.objects.earliest("pk")
    (media_folder / image.file).unlink()
    result = igny8("export", "--site", "garden", "--to", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert f"The image {image.file} is gone" in result.stderr
