"""The pictures of an article as they stand beside it, each with what can be done to it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from igny8.writer.models import Content, Image, ImageVersion
from igny8.writer.picture_edits import CHANGEABLE, is_same

SOON, SELDOM = 2, 30


@dataclass(frozen=True, kw_only=True)
class PictureRow:
    """`state` is `shown`, `waiting` or `parked`; `earlier` counts pictures it had before, `kept` is
    the number under which the one it has is kept, 0 while it is not."""

    image: Image
    state: str
    earlier: int
    kept: int

    @property
    def number(self) -> int:
        return self.image.slot + 1

    @property
    def is_there(self) -> bool:
        return bool(self.image.file)


@dataclass(frozen=True, kw_only=True)
class PictureSheet:
    """`version` changes with whatever is shown; `seconds` is when to look again."""

    rows: Sequence[PictureRow]
    can_change: bool

    @property
    def there(self) -> int:
        return sum(row.is_there for row in self.rows)

    @property
    def missing(self) -> int:
        return len(self.rows) - self.there

    @property
    def waiting(self) -> int:
        return sum(row.state == "waiting" for row in self.rows)

    @property
    def seconds(self) -> int:
        return SOON if self.waiting else SELDOM

    @property
    def version(self) -> str:
        shown = [(row.image.file, row.state, row.image.held_by, row.earlier) for row in self.rows]
        return f"{self.there}.{crc32(repr(shown).encode()):x}"


def picture_sheet(content: Content) -> PictureSheet:
    """Two queries, however many pictures there are."""
    images = list(content.images.order_by("slot"))
    versions: Mapping[int, list[ImageVersion]] = defaultdict(list)
    for version in ImageVersion.objects.filter(image__content=content):
        versions[version.image_id].append(version)
    return PictureSheet(
        rows=[_row(image, versions[image.pk]) for image in images],
        can_change=content.status in CHANGEABLE,
    )


def _row(image: Image, versions: Sequence[ImageVersion]) -> PictureRow:
    if image.status == Image.Status.GENERATED:
        state = "shown"
    else:
        state = "waiting" if image.parked_at is None else "parked"
    same = [version.number for version in versions if is_same(version, image)]
    return PictureRow(
        image=image, state=state, earlier=len(versions) - len(same), kept=max(same, default=0)
    )
