"""A website that articles are made for, what describes it, and what was removed from it."""

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models

from igny8.accounts.models import Account
from igny8.clustering import Granularity
from igny8.core import clock
from igny8.core.models import OneOfField, TimeStamped

TRASH_DAYS = 30


def valid_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is no time zone; write one like Europe/Berlin or UTC.")


class SiteQuerySet(models.QuerySet["Site"]):
    def live(self) -> "SiteQuerySet":
        return self.filter(archived_at=None)


class Site(TimeStamped):
    class Embeddings(models.TextChoices):
        BUILT_IN = "built_in"
        ENDPOINT = "endpoint"

    account = models.ForeignKey(Account, models.PROTECT, related_name="sites")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=16, default="en")
    audience = models.CharField(max_length=200, blank=True)
    brands = models.JSONField(default=list, blank=True)
    voice = models.TextField(
        max_length=2000, blank=True, help_text="how the site speaks: tone, person, do and don't"
    )
    spelling = models.CharField(max_length=16, blank=True, help_text="like en-GB")
    banned_words = models.JSONField(default=list, blank=True)
    disclosure = models.TextField(
        max_length=1000, blank=True, help_text="closes every article, as it is"
    )
    granularity = OneOfField(
        max_length=20,
        choices=[(one.value, one.value) for one in Granularity],
        default=Granularity.BALANCED.value,
        help_text="how large clusters may grow",
    )
    embeddings = OneOfField(
        max_length=20,
        choices=Embeddings,
        default=Embeddings.BUILT_IN,
        help_text="what keywords are compared with; endpoint = IGNY8_EMBEDDING_MODEL",
    )
    time_zone = models.CharField(max_length=64, default="UTC", validators=[valid_time_zone])
    is_sample = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        db_table = "igny8_sites"

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def midnight(self) -> datetime:
        """When today began here; the first time, where the clock shows it twice."""
        now = clock.now().astimezone(self.zone)
        return now.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


class ContentTaxonomy(TimeStamped):
    """A category or tag that articles of a site are filed under."""

    class Kind(models.TextChoices):
        CATEGORY = "category"
        TAG = "tag"

    site = models.ForeignKey(Site, models.CASCADE, related_name="taxonomies")
    kind = OneOfField(max_length=20, choices=Kind, default=Kind.CATEGORY)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200)
    external_id = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "igny8_content_taxonomies"
        verbose_name_plural = "content taxonomies"
        constraints = (
            models.UniqueConstraint(fields=("site", "kind", "slug"), name="taxonomy_slug_once"),
        )

    def __str__(self) -> str:
        return self.name


class Trash(models.Model):
    """What was removed and can be put back: the rows as they were, kept for 30 days."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="trash")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=255)
    rows = models.JSONField()
    removed_at = models.DateTimeField(default=clock.now)
    removed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "igny8_trash"
        verbose_name_plural = "trash"

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"
