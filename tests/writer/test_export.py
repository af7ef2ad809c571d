"""Articles as files."""

from pathlib import Path

import pytest

from igny8.core.errors import UserError
from igny8.writer.export import ExportReport, export_articles
from igny8.writer.models import Content, Image
from tests.automation.world import content_of, images_of, site_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(media_folder: Path) -> Content:
    """An article in review with a featured image and one in the text."""
    content = content_of(site_with())
    Content.objects.update(
        status=Content.Status.REVIEW,
        slug="tomatoes",
        meta_description="All about them.",
        secondary_keywords=["tomato care"],
        generated_by="sample:sample",
    )
    (media_folder / "garden").mkdir(parents=True)
    for image in images_of(content, 2):
        name = f"garden/tomatoes-{image.slot}.webp"
        (media_folder / name).write_bytes(b"picture %d" % image.slot)
        Image.objects.filter(pk=image.pk).update(
            file=name, status=Image.Status.GENERATED, anchor="Watering well" if image.slot else ""
        )
    content.refresh_from_db()
    return content


def exported(article: Content, folder: Path) -> ExportReport:
    [*_, report] = export_articles(article.site, folder)
    return report


def test_an_article_is_a_file_with_its_facts_above(article: Content, tmp_path: Path) -> None:
    exported(article, tmp_path / "out")
    head, _, body = (tmp_path / "out" / "tomatoes.md").read_text().partition("\n---\n")
    for line in (
        f'title: "{article.title}"',
        'slug: "tomatoes"',
        'description: "All about them."',
        'status: "review"',
        '  - "tomato care"',
        'generated_by: "sample:sample"',
        "sample: true",
    ):
        assert line in head.splitlines()
    assert "Opening." in body


def test_images_lie_beside_it_and_stand_in_the_text(article: Content, tmp_path: Path) -> None:
    report = exported(article, tmp_path / "out")
    assert (report.articles, report.images, report.written) == (1, 2, 3)
    assert (tmp_path / "out" / "images" / "tomatoes-1.webp").read_bytes() == b"picture 1"
    text = (tmp_path / "out" / "tomatoes.md").read_text()
    featured, opening = text.index("(images/tomatoes-0.webp)"), text.index("Opening.")
    section, placed = text.index("## Watering well"), text.index("(images/tomatoes-1.webp)")
    assert featured < opening < section < placed


def test_a_second_export_touches_no_file(article: Content, tmp_path: Path) -> None:
    exported(article, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    assert exported(article, tmp_path / "out").written == 0
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before


def test_only_what_changed_is_written_again(article: Content, tmp_path: Path) -> None:
    exported(article, tmp_path / "out")
    Content.objects.update(title="Another title")
    assert exported(article, tmp_path / "out").written == 1


def test_an_article_of_a_model_is_not_called_a_sample(article: Content, tmp_path: Path) -> None:
    Content.objects.update(generated_by="openai_compatible:model")
    exported(article, tmp_path / "out")
    assert "sample" not in (tmp_path / "out" / "tomatoes.md").read_text().partition("\n---\n")[0]


def test_a_missing_picture_is_reported_and_left_out(
    article: Content, tmp_path: Path, media_folder: Path
) -> None:
    (media_folder / "garden" / "tomatoes-1.webp").unlink()
    report = exported(article, tmp_path / "out")
    assert report.missing == ["garden/tomatoes-1.webp"]
    assert "tomatoes-1" not in (tmp_path / "out" / "tomatoes.md").read_text()


@pytest.mark.parametrize("slug", ["../escaped", "/tmp/escaped", "a/../../escaped"])
def test_nothing_is_written_outside_the_folder(article: Content, tmp_path: Path, slug: str) -> None:
    Content.objects.update(slug=slug)
    with pytest.raises(UserError, match="outside"):
        exported(article, tmp_path / "out")
    assert not list(tmp_path.glob("escaped*"))


def test_a_link_that_leads_out_is_not_followed(article: Content, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "images").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="outside"):
        exported(article, tmp_path / "out")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_linked_file_is_replaced_and_its_target_kept(article: Content, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "precious").write_text("keep me")
    (tmp_path / "out" / "tomatoes.md").symlink_to(tmp_path / "precious")
    exported(article, tmp_path / "out")
    assert (tmp_path / "precious").read_text() == "keep me"
    assert not (tmp_path / "out" / "tomatoes.md").is_symlink()


def test_a_picture_outside_the_media_folder_is_not_read(article: Content, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    Image.objects.filter(slot=0).update(file="../secret")
    with pytest.raises(UserError, match="outside"):
        exported(article, tmp_path / "out")
    assert not (tmp_path / "out" / "images").exists()


def test_smaller_files_go_along_and_are_named(article: Content, tmp_path: Path) -> None:
    media = tmp_path / "media" / "garden"
    (media / "tomatoes-0-800w.webp").write_bytes(b"small")
    Image.objects.filter(slot=0).update(widths=[800], width=1600)

    exported(article, tmp_path / "out")
    head, _, _ = (tmp_path / "out" / "tomatoes.md").read_text().partition("\n---\n")
    assert (tmp_path / "out" / "images" / "tomatoes-0-800w.webp").read_bytes() == b"small"
    line = 'srcset: "images/tomatoes-0-800w.webp 800w, images/tomatoes-0.webp 1600w"'
    assert f"    {line}" in head.splitlines()


def test_a_picture_that_is_made_again_goes_along_as_it_was(
    article: Content, tmp_path: Path
) -> None:
    Image.objects.filter(slot=0).update(status=Image.Status.PENDING)

    assert exported(article, tmp_path / "out").images == 2
