"""What rows of every app share."""

from typing import Self, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q

# Few rows are parked or held: an index of these alone counts them at once.
ASIDE = ("site", "status", "parked_at", "held_by")
SET_ASIDE = Q(parked_at__isnull=False) | Q(held_by__isnull=False)


class TimeStamped(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class WorkedQuerySet(models.QuerySet[M_co]):
    """Rows that the pipeline works on."""

    def free(self) -> Self:
        """Neither held by a run nor parked."""
        return self.filter(held_by=None, parked_at=None)

    def parked(self) -> Self:
        return self.exclude(parked_at=None)


class Worked(TimeStamped):
    """A row that one run at a time may hold, and that is parked when its answer stays bad."""

    held_by = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 - nobody is NULL
    parked_at = models.DateTimeField(null=True, blank=True)
    parked_code = models.CharField(max_length=40, blank=True)
    parked_reason = models.TextField(blank=True)

    class Meta:
        abstract = True


class OneOfField(models.CharField):  # type: ignore[type-arg]  # generic only in the stubs
    """A short text that the database itself holds to its choices."""

    # Django compares fields without these: a migration that changes them would alter no CHECK.
    non_db_attrs = tuple(
        name for name in models.CharField.non_db_attrs if name not in ("choices", "blank")
    )

    def allowed(self) -> list[str]:
        return [str(value) for value, _ in self.flatchoices] + ([""] if self.blank else [])

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        listed = ", ".join(f"'{value}'" for value in self.allowed())
        return f"{connection.ops.quote_name(str(self.column))} IN ({listed})"
