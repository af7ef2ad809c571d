"""What grows old is let go: finished workflows, log lines, trash, archived sites."""

from datetime import timedelta

from igny8.automation.models import RunLog
from igny8.automation.site_removal import purge_archived_sites
from igny8.core import clock
from igny8.jobs import engine
from igny8.jobs.models import Worker
from igny8.sites.models import TRASH_DAYS, Trash
from igny8.sites.trash import purge
from igny8.writer.unused_pictures import remove_unused_pictures

LOG_DAYS = 90
WORKER_DAYS = 7


def keep_tidy() -> None:
    engine.prune()
    RunLog.objects.filter(at__lt=clock.now() - timedelta(days=LOG_DAYS)).delete()
    Worker.objects.filter(dead_at__lt=clock.now() - timedelta(days=WORKER_DAYS)).delete()
    empty_trash()
    purge_archived_sites()


def empty_trash() -> None:
    """What was removed 30 days ago is gone for good, with its picture files."""
    for trash in Trash.objects.filter(removed_at__lt=clock.now() - timedelta(days=TRASH_DAYS)):
        remove_unused_pictures(purge(trash))
