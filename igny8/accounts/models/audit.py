"""What people did, for good: the database refuses to change or remove a line."""

from typing import ClassVar

from django.db import models

from igny8.accounts.models.people import Account
from igny8.core import clock
from igny8.core.models import OneOfField


class Kind(models.TextChoices):
    """What a line is about; people filter by it."""

    WORK = "work", "Keywords, runs and articles"
    SETTINGS = "settings", "Settings"
    PUBLISHING = "publishing", "Publishing"
    PEOPLE = "people", "People"
    ACCESS = "access", "Sign-in"


class AuditEntry(models.Model):
    """One act. Names are kept as they were: whoever or whatever is meant may be gone by now."""

    append_only: ClassVar[bool] = True

    account = models.ForeignKey(Account, models.PROTECT, related_name="audit_entries")
    person_id = models.BigIntegerField(null=True)
    person = models.CharField(max_length=120)
    kind = OneOfField(max_length=20, choices=Kind)
    verb = models.CharField(max_length=60)
    thing = models.CharField(max_length=255, blank=True)
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)
    site_id = models.BigIntegerField(null=True)
    site_slug = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "igny8_audit_entries"
        verbose_name_plural = "audit entries"
        indexes = (models.Index(fields=("account", "-id"), name="audit_of_account"),)

    def __str__(self) -> str:
        return f"{self.person} {self.verb} {self.thing}".strip()
