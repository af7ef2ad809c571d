"""What grows old is let go: finished workflows, log lines, trash."""

from datetime import timedelta

from igny8.automation.models import RunLog
from igny8.core import clock
from igny8.jobs import engine
from igny8.jobs.models import Worker
from igny8.sites.models import TRASH_DAYS, Trash

LOG_DAYS = 90
WORKER_DAYS = 7


def keep_tidy() -> None:
    engine.prune()
    RunLog.objects.filter(at__lt=clock.now() - timedelta(days=LOG_DAYS)).delete()
    Trash.objects.filter(removed_at__lt=clock.now() - timedelta(days=TRASH_DAYS)).delete()
    Worker.objects.filter(dead_at__lt=clock.now() - timedelta(days=WORKER_DAYS)).delete()
