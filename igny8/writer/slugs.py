"""Addresses of articles: one a site."""

from itertools import count

from igny8.writer.models import Content


def free_slug(site_id: int, wanted: str) -> str:
    """`wanted`, or with the first number that nobody has."""
    taken = set(
        Content.objects.filter(site_id=site_id, slug__startswith=wanted).values_list(
            "slug", flat=True
        )
    )
    if wanted not in taken:
        return wanted
    numbered = (f"{wanted[:90]}-{number}" for number in count(2))
    return next(slug for slug in numbered if slug not in taken)
