"""Notices on their way: each is sent to each channel until it is taken, or given up.

A process that dies between sending and noting that it sent is the one case in which a message
comes twice; it then has the same id.
"""

from datetime import timedelta
from functools import partial

from django.db.models import Min

from igny8.automation.models import Delivery
from igny8.automation.models.notice import MOST_TRIES
from igny8.automation.notify.messages import message_of
from igny8.automation.notify.sending import Answer, send
from igny8.core import clock
from igny8.core.outages import outlast
from igny8.jobs.working import is_stopping

State = Delivery.State
BACK_OFF = tuple(timedelta(seconds=s) for s in (30, 120, 480, 3600))
# Longer than any sending takes: whoever has claimed it by then is dead.
CLAIM = timedelta(minutes=5)
LONGEST_ANSWER = 300


def deliver_due() -> None:
    """The oldest of each channel in turn, until nothing is due; any number of workers may do
    this at the same time."""
    while not is_stopping() and (due := _oldest_of_each_channel()):
        for delivery in due:
            if not is_stopping() and _claim(delivery):
                answer = send(delivery.channel, message_of(delivery.notice))
                outlast(partial(_note, delivery, answer))


def _oldest_of_each_channel() -> list[Delivery]:
    """So that one that does not answer keeps no other waiting for long."""
    due = Delivery.objects.filter(state=State.WAITING, due_at__lte=clock.now())
    first = due.values("channel").annotate(first=Min("pk")).values_list("first", flat=True)
    found = Delivery.objects.filter(pk__in=list(first)).select_related(
        "channel__account", "notice__site"
    )
    return list(found.order_by("pk"))


def _claim(delivery: Delivery) -> bool:
    """A conditional UPDATE: of several workers one has it; the attempt is its fence."""
    now = clock.now()
    mine = Delivery.objects.filter(
        pk=delivery.pk, state=State.WAITING, attempts=delivery.attempts, due_at__lte=now
    )
    delivery.attempts += 1
    return bool(mine.update(attempts=delivery.attempts, due_at=now + CLAIM, tried_at=now))


def _note(delivery: Delivery, answer: Answer) -> None:
    claimed = Delivery.objects.filter(
        pk=delivery.pk, state=State.WAITING, attempts=delivery.attempts
    )
    told = answer.says[:LONGEST_ANSWER]
    if answer.ok:
        claimed.update(state=State.SENT, answer=told)
    elif delivery.attempts >= MOST_TRIES:
        claimed.update(state=State.GIVEN_UP, answer=told)
    else:
        next_try = clock.now() + BACK_OFF[delivery.attempts - 1]
        claimed.update(due_at=next_try, answer=told)
