"""Sending one message to one channel, and what came back."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from igny8 import __version__
from igny8.automation.models import Channel
from igny8.automation.notify.channels import NO_MAIL, secret_of, url_of
from igny8.automation.notify.messages import Message
from igny8.core import clock
from igny8.core.door import Received, post
from igny8.core.errors import UserError

DEADLINE_SECONDS = 10.0
LONGEST_QUOTE = 160
SHORTEST_PATH = 2


@dataclass(frozen=True)
class Answer:
    """`says` is a sentence for people, without the channel's address or secret."""

    ok: bool
    says: str


def send(channel: Channel, message: Message) -> Answer:
    """Outside any transaction; takes ten seconds at most, and whatever fails is its answer."""
    try:
        if channel.kind == Channel.Kind.EMAIL:
            return _send_mail(channel, message)
        return _post(channel, message)
    except TimeoutError:
        return Answer(False, f"No answer within {DEADLINE_SECONDS:g} seconds.")
    except (UserError, OSError) as error:
        return Answer(False, str(error))
    except ValueError:  # of the mail library; its words may hold what is not to be shown
        return Answer(False, "The message cannot be put together; look at IGNY8_EMAIL_FROM.")


def signature(secret: str, body: bytes, timestamp: int) -> str:
    """Over `timestamp.body`, so that neither can be changed nor an old one be used again."""
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"t={timestamp},v1={signed.hexdigest()}"


def _send_mail(channel: Channel, message: Message) -> Answer:
    from django.core.mail import EmailMessage

    if not settings.EMAIL_READY:
        raise UserError(NO_MAIL)
    letter = EmailMessage(
        subject=message.subject,
        body=message.as_text(),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[channel.address],
        headers={
            "Message-ID": f"<{message.id}.{channel.pk}@igny8>",
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.send()
    return Answer(True, "The mail server took it.")


def _post(channel: Channel, message: Message) -> Answer:
    is_slack = channel.kind == Channel.Kind.SLACK
    body = message.as_slack() if is_slack else message.as_json()
    signed = {} if is_slack else _signed(channel, message, body)
    headers = {"Content-Type": "application/json", "User-Agent": f"IGNY8/{__version__}", **signed}
    url = url_of(channel)
    return _answer_of(post(url, body, headers, deadline=DEADLINE_SECONDS), url)


def _signed(channel: Channel, message: Message, body: bytes) -> Mapping[str, str]:
    seal = signature(secret_of(channel), body, int(clock.now().timestamp()))
    return {"IGNY8-Notice": message.id, "IGNY8-Signature": seal}


def _answer_of(received: Received, url: str) -> Answer:
    if received.is_good:
        return Answer(True, f"Answered {received.status}.")
    if received.status // 100 == 3:
        why = ": it leads elsewhere. Give the address it leads to."
    else:
        why = _quoted(received.text, url)
    return Answer(False, f"Answered {received.status}{why}")


def _quoted(text: str, url: str) -> str:
    """In one line, cut, and without the address, which servers like to repeat."""
    path = urlsplit(url).path
    for secret in (url, path if len(path) >= SHORTEST_PATH else url):
        text = text.replace(secret, "[address]")
    said = " ".join(text.split())[:LONGEST_QUOTE]
    return f": {said}" if said else "."
