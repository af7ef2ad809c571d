"""A site's articles as Markdown files with front matter, and their images beside them."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from igny8.ai.models import AIConnection
from igny8.core.errors import UserError
from igny8.sites.models import Site
from igny8.writer.frontmatter import Fact, front_matter
from igny8.writer.models import Content, Image
from igny8.writer.pictures import files_of, srcset
from igny8.writer.placing import PlacedImage, with_images

IMAGES = "images"
FINISHED = (
    Content.Status.REVIEW,
    Content.Status.APPROVED,
    Content.Status.SCHEDULED,
    Content.Status.PUBLISHED,
)
SAMPLE_LABEL = "Sample draft, written by a template without an AI model."
_SAMPLE = f"{AIConnection.Kind.SAMPLE}:"


@dataclass(kw_only=True)
class ExportReport:
    """What stands in the folder now; `missing` names images whose file is gone."""

    articles: int = 0
    images: int = 0
    written: int = 0
    missing: list[str] = field(default_factory=list)


def export_articles(
    site: Site, folder: Path, *, statuses: Sequence[str] = FINISHED
) -> Iterator[ExportReport]:
    """Exports one article a step. Each file is written whole or not at all, only when it differs,
    and never outside the folder; nothing is deleted."""
    report = ExportReport()
    articles = Content.objects.filter(site=site, status__in=statuses).prefetch_related("images")
    for content in articles.order_by("pk").iterator(chunk_size=100):
        _export(content, folder, report)
        yield report


def _export(content: Content, folder: Path, report: ExportReport) -> None:
    made = [image for image in content.images.all() if image.file]
    made.sort(key=lambda image: image.slot)
    text = _document(content, [image for image in made if _copied(image, folder, report)])
    report.written += _write(_inside(folder, f"{content.slug}.md"), text.encode())
    report.articles += 1


def _copied(image: Image, folder: Path, report: ExportReport) -> bool:
    """With its smaller files; False when one is gone: the article is exported without it."""
    files = files_of(image.file, image.widths)
    try:
        pictures = [_inside(Path(settings.MEDIA_ROOT), file).read_bytes() for file in files]
    except FileNotFoundError:
        report.missing.append(image.file)
        return False
    for file, picture in zip(files, pictures, strict=True):
        report.written += _write(_inside(folder, _address(file)), picture)
    report.images += 1
    return True


def _document(content: Content, images: Sequence[Image]) -> str:
    placed = [
        PlacedImage(
            address=_address(image.file),
            alt=image.alt,
            caption=image.caption,
            anchor=image.anchor if image.kind == Image.Kind.IN_ARTICLE else "",
        )
        for image in images
    ]
    return f"{front_matter(_facts(content, images))}\n{with_images(content.body, placed)}"


def _facts(content: Content, images: Sequence[Image]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "title": content.title,
        "slug": content.slug,
        "description": content.meta_description,
        "date": f"{content.created_at:%Y-%m-%dT%H:%M:%SZ}",
        "status": content.status,
        "keywords": [k for k in (content.primary_keyword, *content.secondary_keywords) if k],
        "tags": list(content.tags),
        "images": [_picture(image) for image in images],
        "generated_by": content.generated_by,
    }
    if content.generated_by.startswith(_SAMPLE):
        facts |= {"sample": True, "label": SAMPLE_LABEL}
    return facts


def _picture(image: Image) -> dict[str, str]:
    """`srcset` as HTML takes it, where there are smaller files."""
    address = _address(image.file)
    choice = srcset(address, image.width, image.widths)
    return {"file": address, "alt": image.alt} | ({"srcset": choice} if choice else {})


def _address(file: str) -> str:
    return f"{IMAGES}/{Path(file).name}"


def _inside(folder: Path, name: str) -> Path:
    """The path of `name`, which may not lead out of the folder by any way, not even by a link."""
    path = folder / name
    if not path.parent.resolve().is_relative_to(folder.resolve()) or path.name in ("", ".."):
        raise UserError(f"“{name}” would be outside of {folder}; nothing was written there.")
    return path


def _write(path: Path, content: bytes) -> bool:
    """True when the file was not already exactly this."""
    if path.is_file() and not path.is_symlink() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("xb") as file:
            file.write(content)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return True
