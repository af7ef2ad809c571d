"""Where a team is told of what happens: its channels, for its owner."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from igny8.accounts.access import account_page
from igny8.accounts.audit import record
from igny8.accounts.models import Account, Kind, Role
from igny8.automation.forms import ChannelChangeForm, ChannelForm
from igny8.automation.models import Channel
from igny8.automation.notify.channels import NO_MAIL, add_channel, change_channel, renew_secret
from igny8.automation.notify.trying import try_channel
from igny8.automation.presenters.deliveries import channel_rows, delivery_rows, site_rows
from igny8.core.errors import UserError
from igny8.theme.answers import UNPROCESSABLE, dialog, gone_on

SHOWN_ONCE = "channel_secret"


@account_page(Role.OWNER)
@never_cache
def notifications(request: HttpRequest, account: Account) -> HttpResponse:
    form = ChannelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _add(request, account, form):
        return _back(account)
    words = {
        "title": "Notifications",
        "account": account,
        "form": form,
        "kinds": Channel.Kind.choices,
        "channels": channel_rows(account),
        "sites": site_rows(account),
        "deliveries": delivery_rows(account),
        "no_mail": "" if settings.EMAIL_READY else NO_MAIL,
        "secret": request.session.pop(SHOWN_ONCE, None),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "automation/notifications.html", words, status=status)


@account_page(Role.OWNER)
def change(request: HttpRequest, account: Account, channel_id: int) -> HttpResponse:
    channel = _channel(account, channel_id)
    form = ChannelChangeForm(request.POST or None, initial={"name": channel.name})
    if request.method == "POST" and form.is_valid() and _change(request, channel, form):
        return gone_on(request, f"{channel.name} is changed.", to=_page(account))
    words = {
        "title": "Change a channel",
        "account": account,
        "channel": channel,
        "form": form,
        "action": request.path,
    }
    return dialog(request, "automation/channel.html", words, is_wrong=request.method == "POST")


@account_page(Role.OWNER)
@require_POST
def test(request: HttpRequest, account: Account, channel_id: int) -> HttpResponse:
    """Sends a message at once; nothing of it is kept."""
    channel = _channel(account, channel_id)
    answer = try_channel(channel)
    if answer.ok:
        messages.success(request, f"{channel.name}: {answer.says} Look whether the test is there.")
    else:
        messages.error(request, f"{channel.name}: {answer.says}")
    return _back(account)


@account_page(Role.OWNER)
@require_POST
def renew(request: HttpRequest, account: Account, channel_id: int) -> HttpResponse:
    channel = get_object_or_404(Channel, pk=channel_id, account=account, kind=Channel.Kind.WEBHOOK)
    _show_once(request, channel, renew_secret(channel))
    _record(request, "renewed the secret of the channel", channel)
    return _back(account)


@account_page(Role.OWNER)
@require_POST
def remove(request: HttpRequest, account: Account, channel_id: int) -> HttpResponse:
    """What was on its way there is dropped."""
    channel = _channel(account, channel_id)
    _record(request, "removed the channel", channel)
    channel.delete()
    messages.success(request, f"{channel.name} is told nothing any more.")
    return _back(account)


def _add(request: HttpRequest, account: Account, form: ChannelForm) -> bool:
    try:
        channel, secret = add_channel(account, **form.cleaned_data)
    except UserError as error:
        form.add_error(None, str(error))
        return False
    if secret:
        _show_once(request, channel, secret)
    _record(request, "added the channel", channel)
    messages.success(request, f"{channel.name} is added. Test it to see that it arrives.")
    return True


def _change(request: HttpRequest, channel: Channel, form: ChannelChangeForm) -> bool:
    try:
        change_channel(channel, **form.cleaned_data)
    except UserError as error:
        form.add_error("address", str(error))
        return False
    _record(request, "changed the channel", channel)
    return True


def _show_once(request: HttpRequest, channel: Channel, secret: str) -> None:
    request.session[SHOWN_ONCE] = {"channel": channel.name, "secret": secret}


def _record(request: HttpRequest, verb: str, channel: Channel) -> None:
    record(request, verb, channel, kind=Kind.SETTINGS, account=channel.account)


def _channel(account: Account, channel_id: int) -> Any:
    return get_object_or_404(Channel, pk=channel_id, account=account)


def _page(account: Account) -> str:
    return reverse("automation:notifications", args=[account.pk])


def _back(account: Account) -> HttpResponse:
    return redirect(_page(account))
