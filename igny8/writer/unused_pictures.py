"""Picture files that nothing names any more."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from igny8.writer.models import Image, ImageVersion
from igny8.writer.pictures import files_of


def remove_unused_pictures(files: Iterable[str]) -> int:
    """Deletes those that no image has or had; the same picture drawn anew is the same file.

    Returns how many were there to delete.
    """
    wanted = set(files)
    paths = [Path(settings.MEDIA_ROOT) / file for file in sorted(wanted - _used(wanted))]
    there = [path for path in paths if path.is_file()]
    for path in there:
        path.unlink(missing_ok=True)
    return len(there)


def _used(wanted: set[str]) -> set[str]:
    """A smaller file is used as long as the picture it belongs to."""
    now = Image.objects.filter(file__in=wanted).values_list("file", "widths")
    before = ImageVersion.objects.filter(file__in=wanted).values_list("file", "widths")
    return {name for file, widths in (*now, *before) for name in files_of(file, widths)}
