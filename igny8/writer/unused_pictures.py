"""Picture files that nothing names any more."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from igny8.writer.models import Image


def remove_unused_pictures(files: Iterable[str]) -> int:
    """Deletes those that no image has; the same picture drawn anew is the same file.

    Returns how many were there to delete.
    """
    wanted = set(files)
    used = set(Image.objects.filter(file__in=wanted).values_list("file", flat=True))
    paths = [Path(settings.MEDIA_ROOT) / file for file in sorted(wanted - used)]
    there = [path for path in paths if path.is_file()]
    for path in there:
        path.unlink(missing_ok=True)
    return len(there)
