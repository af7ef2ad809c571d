import threading
from typing import Any

import pytest
from django.db import InternalError, connection

from igny8.core import clock
from igny8.jobs import workers
from igny8.jobs.models import Worker


@pytest.mark.django_db(transaction=True)
def test_the_heart_beats_on_after_a_server_that_took_no_writes_for_a_moment(
    worker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else nobody would tell the worker, later, that it is thought dead."""
    refused: list[str] = []

    def refuse_once(execute: Any, sql: str, *arguments: Any) -> Any:
        if not refused:
            refused.append(sql)
            raise InternalError("cannot execute UPDATE in a read-only transaction")
        return execute(sql, *arguments)

    monkeypatch.setattr(workers, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(workers, "close_old_connections", lambda: None)
    Worker.objects.filter(pk=worker).update(dead_at=clock.now())
    told = threading.Event()

    with connection.execute_wrapper(refuse_once):
        workers.beat_for_ever(threading.Event(), told.set)

    assert refused
    assert told.is_set()
