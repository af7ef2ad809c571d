"""Notices on their way: signed, tried again, given up, and never sent twice without need."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections

from igny8.accounts.models import owner_account
from igny8.automation.models import Channel, Delivery, Event, Notice
from igny8.automation.notify import announce, sending
from igny8.automation.notify.channels import add_channel
from igny8.automation.notify.delivering import BACK_OFF, CLAIM, deliver_due
from igny8.automation.notify.trying import try_channel
from igny8.automation.upkeep import drop_old_notices
from igny8.core.clock import ManualClock
from tests.automation.notify.receiver import Receiver, answers, drips, hangs_up
from tests.automation.world import site_with
from tests.config.installations import with_keywords

if TYPE_CHECKING:
    from pytest_django import Settings

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


def webhook(url: str, name: str = "Ours", kind: str = "webhook") -> tuple[Channel, str]:
    return add_channel(owner_account(), name=name, kind=kind, address=url)


def happen(number: int = 1) -> None:
    site = site_with()
    for n in range(1, number + 1):
        says = f"Run {n} failed: <it> & stopped."
        announce(Event.RUN_FAILED, site=site, key=f"run:{n}/failed", says=says, reason_code="why")


def states() -> list[tuple[str, int]]:
    return list(Delivery.objects.order_by("pk").values_list("state", "attempts"))


def test_a_webhook_gets_a_signed_message(receiver: Receiver, clock: ManualClock) -> None:
    _, secret = webhook(receiver.url)
    happen()

    deliver_due()
    deliver_due()

    [got] = receiver.got
    assert got.is_signed_with(secret)
    assert not got.is_signed_with("another secret")
    assert got.headers["igny8-notice"] == got.told["id"] == str(Notice.objects.get().uid)
    assert {name: got.told[name] for name in ("event", "at", "text", "run", "reason_code")} == {
        "event": "run_failed",
        "at": "2026-01-05T09:00:00Z",
        "text": "Run 1 failed: <it> & stopped.",
        "run": None,
        "reason_code": "why",
    }
    assert got.told["site"] == {"slug": "garden", "name": "Garden"}
    assert states() == [("sent", 1)]


def test_a_slack_webhook_gets_a_text(receiver: Receiver) -> None:
    webhook(receiver.url, kind="slack")
    happen()

    deliver_due()

    [got] = receiver.got
    assert got.told == {"text": "Garden: Run 1 failed: &lt;it&gt; &amp; stopped."}
    assert "igny8-signature" not in got.headers


def test_a_letter_goes_out(mailing: None) -> None:
    webhook("ana@example.org", kind="email")
    happen()

    deliver_due()

    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["ana@example.org"], "Garden: A run failed")
    assert letter.body == "Run 1 failed: <it> & stopped."
    assert str(Notice.objects.get().uid) in letter.extra_headers["Message-ID"]


def test_a_site_cannot_write_headers_of_its_own_into_a_letter(mailing: None) -> None:
    webhook("ana@example.org", kind="email")
    site = site_with()
    site.name = "Garden\r\nBcc: everybody@example.org"
    site.save()
    announce(Event.RUN_FAILED, site=site, key="k", says="Failed.")

    deliver_due()

    [letter] = mail.outbox
    assert letter.recipients() == ["ana@example.org"]
    assert letter.subject == "Garden Bcc: everybody@example.org: A run failed"


def test_what_is_refused_is_tried_again_and_arrives_once(
    receiver: Receiver, clock: ManualClock
) -> None:
    webhook(receiver.url)
    happen()
    receiver.script = [answers(500, "Not now"), hangs_up]

    deliver_due()
    assert (states(), Delivery.objects.get().answer) == ([("waiting", 1)], "Answered 500: Not now")
    clock.time += BACK_OFF[0] - timedelta(seconds=1)
    deliver_due()
    assert len(receiver.got) == 1

    clock.time += timedelta(seconds=1)
    deliver_due()
    clock.time += BACK_OFF[1]
    deliver_due()
    clock.time += timedelta(days=1)
    deliver_due()

    assert states() == [("sent", 3)]
    assert len(receiver.ids) == 3
    assert len(set(receiver.ids)) == 1


def test_after_five_tries_it_is_given_up(receiver: Receiver, clock: ManualClock) -> None:
    webhook(receiver.url)
    happen()
    receiver.script = [answers(410)] * 9
    for wait in (*BACK_OFF, timedelta(days=1), timedelta(days=1)):
        deliver_due()
        clock.time += wait

    assert states() == [("given_up", 5)]
    assert len(receiver.got) == 5


def test_a_redirect_is_not_followed(receiver: Receiver, clock: ManualClock) -> None:
    with Receiver() as elsewhere:
        webhook(receiver.url)
        happen()
        receiver.script = [answers(307, Location=elsewhere.url)]

        deliver_due()

        assert elsewhere.got == []
    assert "leads elsewhere" in Delivery.objects.get().answer


def test_a_slow_drip_ends_at_the_deadline(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "DEADLINE_SECONDS", 0.5)
    webhook(receiver.url)
    happen()
    receiver.script = [drips]

    began = time.monotonic()
    deliver_due()

    assert 0.4 < time.monotonic() - began < 5
    assert Delivery.objects.get().answer == "No answer within 0.5 seconds."


def test_a_private_network_stays_closed(receiver: Receiver, settings: "Settings") -> None:
    settings.ALLOWED_NETWORKS = ()
    channel, _ = webhook(receiver.url)

    answer = try_channel(channel)

    assert not answer.ok
    assert "IGNY8_ALLOWED_NETWORKS" in answer.says
    assert receiver.got == []


def test_of_a_long_answer_only_the_beginning_is_read_and_no_address_is_repeated(
    receiver: Receiver,
) -> None:
    channel, _ = webhook(receiver.url)
    receiver.script = [answers(404, "Cannot POST /hooks/9f3c2b7e-inbox " + "x" * 5_000_000)]

    answer = try_channel(channel)

    assert answer.says.startswith("Answered 404: Cannot POST [address] xxx")
    assert len(answer.says) < 200


def test_a_channel_that_does_not_answer_keeps_no_other_waiting(
    receiver: Receiver, clock: ManualClock
) -> None:
    webhook(f"http://127.0.0.1:{free_port()}/gone", "Dead")
    webhook(receiver.url, "Alive")
    happen(3)

    deliver_due()

    assert len(receiver.got) == 3
    dead = Delivery.objects.filter(channel__name="Dead")
    assert {(one.state, one.attempts) for one in dead} == {("waiting", 1)}


def test_a_test_message_is_sent_at_once_and_not_kept(receiver: Receiver) -> None:
    channel, secret = webhook(receiver.url)

    assert try_channel(channel).says == "Answered 200."

    [got] = receiver.got
    assert got.told["event"] == "test"
    assert got.is_signed_with(secret)
    assert not Delivery.objects.exists()


def test_a_secret_that_no_longer_opens_is_an_answer(receiver: Receiver) -> None:
    channel, _ = webhook(receiver.url)
    other, _ = webhook(receiver.url, "Other")
    Channel.objects.filter(pk=channel.pk).update(sealed_url=other.sealed_url)
    channel.refresh_from_db()

    answer = try_channel(channel)

    assert (answer.ok, receiver.got) == (False, [])
    assert "Enter it again" in answer.says


def test_what_a_dead_worker_had_claimed_waits_until_its_claim_is_over(
    receiver: Receiver, clock: ManualClock
) -> None:
    webhook(receiver.url)
    happen()
    Delivery.objects.update(attempts=1, due_at=clock.now() + CLAIM)

    deliver_due()
    assert receiver.got == []

    clock.time += CLAIM
    deliver_due()
    assert states() == [("sent", 2)]


class SlowPost(BaseEmailBackend):
    """A mail server that refuses a letter after everybody thought its sender dead."""

    def send_messages(self, letters: Sequence[EmailMessage]) -> int:
        Delivery.objects.update(attempts=2, state="sent")
        raise OSError("refused")


def test_a_worker_that_was_replaced_while_it_sent_changes_nothing(
    mailing: None, settings: "Settings"
) -> None:
    webhook("ana@example.org", kind="email")
    happen()
    settings.EMAIL_BACKEND = f"{__name__}.{SlowPost.__name__}"

    deliver_due()

    assert (states(), Delivery.objects.get().answer) == ([("sent", 2)], "")


def test_a_mail_server_that_refuses_is_tried_again(
    mailing: None, settings: "Settings", clock: ManualClock
) -> None:
    webhook("ana@example.org", kind="email")
    happen()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()

    deliver_due()

    assert states() == [("waiting", 1)]
    assert "refused" in Delivery.objects.get().answer


def test_a_letter_that_cannot_be_written_keeps_nobody_else_waiting(
    mailing: None, settings: "Settings", receiver: Receiver, clock: ManualClock
) -> None:
    webhook("ana@example.org", name="Mail", kind="email")
    webhook(receiver.url)
    happen()
    settings.DEFAULT_FROM_EMAIL = "igny8@example.org\nBcc: everybody@example.org"

    deliver_due()

    assert sorted(states()) == [("sent", 1), ("waiting", 1)]
    assert "IGNY8_EMAIL_FROM" in Delivery.objects.get(state="waiting").answer


def test_old_notices_go_with_their_deliveries(receiver: Receiver, clock: ManualClock) -> None:
    webhook(receiver.url)
    happen()
    clock.time += timedelta(days=91)

    drop_old_notices()

    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def free_port() -> int:
    """Where nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return int(closed.getsockname()[1])


def once(action: Callable[[], object]) -> Callable[[], object]:
    left = [action]
    return lambda: left.pop()() if left else None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_send_each_notice_once(receiver: Receiver) -> None:
    webhook(receiver.url)
    happen(20)

    def work(_: int) -> None:
        try:
            deliver_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))

    assert sorted(receiver.ids) == sorted(str(one.uid) for one in Notice.objects.all())


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.timeout(300)
def test_processes_that_race_and_one_that_is_killed_send_each_notice_once(tmp_path: Path) -> None:
    with Receiver() as receiver:
        beginning = deliverer(tmp_path, "prepare", receiver.url, "20")
        assert beginning.wait(120) == 0
        racers = [deliverer(tmp_path, "deliver") for _ in range(4)]
        assert [one.wait(120) for one in racers] == [0] * 4
        assert len(receiver.ids) == len(set(receiver.ids)) == 20

        assert deliverer(tmp_path, "announce", "1").wait(120) == 0
        victim = deliverer(tmp_path, "deliver")
        receiver.while_asked = once(victim.kill)  # it takes a while to start
        assert victim.wait(120) == -signal.SIGKILL
        assert deliverer(tmp_path, "deliver").wait(120) == 0
        assert len(receiver.ids) == 21  # claimed still: nobody knows whether it arrived

        assert deliverer(tmp_path, "deliver", "360").wait(120) == 0
        assert len(receiver.ids) == 22
        assert receiver.ids[20] == receiver.ids[21]
        assert deliverer(tmp_path, "deliver", "7200").wait(120) == 0
        assert len(receiver.ids) == 22


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.timeout(300)
def test_a_command_that_carries_its_own_run_tells_of_its_end_before_it_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGNY8_ALLOWED_NETWORKS", "loopback")
    installation = with_keywords(tmp_path, "wants_images=no")
    with Receiver() as receiver:
        installation.call("notify", "add", "Ours", receiver.url)
        installation.call("run", "--site", "herbs", "--stop-after", "1")

    [got] = receiver.got
    assert got.told["event"] == "run_completed"


def deliverer(folder: Path, *words: str) -> "subprocess.Popen[bytes]":
    environment = {
        **os.environ,
        "IGNY8_DATA": str(folder / "data"),
        "IGNY8_ALLOWED_NETWORKS": "loopback",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "tests.automation.notify.deliverer", *words]
    return subprocess.Popen(command, env=environment, cwd=ROOT)
