"""Who works: one row a worker process, proved alive by its heartbeat."""

from django.db import models

from igny8.core import clock


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self) -> "WorkerQuerySet":
        return self.filter(dead_at=None)


class Worker(models.Model):
    """A worker's id is new at each boot; a dead one never comes back."""

    id = models.CharField(primary_key=True, max_length=80)
    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    dead_at = models.DateTimeField(null=True, blank=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        db_table = "igny8_workers"

    def __str__(self) -> str:
        return self.id
