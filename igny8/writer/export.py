"""Articles as Markdown files with front matter, their pictures beside them."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from igny8.core.errors import UserError
from igny8.sites.models import Site
from igny8.writer.models import Content, Image

IMAGES = "images"
SECTION = re.compile(r"(?m)^(?=## )")
SAMPLE = "sample:"


def export_site(site: Site, folder: Path, *, status: str | None = None) -> Iterator[Path]:
    """The files written, one an article; the same rows make the same files again."""
    contents = site.contents.prefetch_related("images").order_by("pk")
    if status:
        contents = contents.filter(status=status)
    try:
        (folder / IMAGES).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"Cannot write to {folder}: {error.strerror}.") from error
    for content in contents:
        yield _export(content, folder)


def markdown_of(content: Content, images: list[Image]) -> str:
    """Front matter, then the body with each picture after its section's first paragraph."""
    featured = [_image(image) for image in images if image.slot == 0]
    body = _with_images(content.body, [image for image in images if image.slot])
    return "\n".join(
        [*_front_matter(content), "", *featured, *([""] if featured else []), body, ""]
    )


def _export(content: Content, folder: Path) -> Path:
    images = [i for i in content.images.all() if i.status == Image.Status.GENERATED]
    images.sort(key=lambda image: image.slot)
    for image in images:
        _copy(Path(settings.MEDIA_ROOT) / image.file, folder / IMAGES / Path(image.file).name)
    path = folder / f"{content.slug}.md"
    _write(path, markdown_of(content, images))
    return path


def _front_matter(content: Content) -> Iterator[str]:
    """YAML in its JSON form: every value is quoted as it must be."""
    facts = {
        "title": content.title,
        "slug": content.slug,
        "seo_title": content.meta_title,
        "description": content.meta_description,
        "keywords": [content.primary_keyword, *content.secondary_keywords],
        "tags": content.tags,
        "status": content.status,
        "date": content.created_at.date().isoformat(),
        "generated_by": content.generated_by,
        "sample": content.generated_by.startswith(SAMPLE),
    }
    yield "---"
    for name, value in facts.items():
        yield f"{name}: {json.dumps(value, ensure_ascii=False)}"
    yield "---"


def _with_images(body: str, images: list[Image]) -> str:
    sections = SECTION.split(body)
    left = list(images)
    for at, section in enumerate(sections):
        heading, _, rest = section.partition("\n\n")
        for image in [i for i in left if heading.replace("\\", "") == f"## {i.anchor}"]:
            first, gap, others = rest.partition("\n\n")
            sections[at] = f"{heading}\n\n{first}\n\n{_image(image)}{gap}{others}"
            left.remove(image)
    return "".join(sections) + "".join(f"\n\n{_image(image)}" for image in left)


def _image(image: Image) -> str:
    alt = image.alt.replace("[", "(").replace("]", ")")
    return f"![{alt}]({IMAGES}/{Path(image.file).name})"


def _copy(source: Path, target: Path) -> None:
    if source.exists() and not (target.exists() and target.stat().st_size == source.stat().st_size):
        shutil.copyfile(source, target)


def _write(path: Path, text: str) -> None:
    partial = path.with_suffix(".part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
