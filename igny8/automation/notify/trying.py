"""Trying a channel: a message at once, and what came back."""

from igny8.automation.models import Channel
from igny8.automation.notify.messages import trial_message
from igny8.automation.notify.sending import Answer, send


def try_channel(channel: Channel) -> Answer:
    return send(channel, trial_message(channel))
