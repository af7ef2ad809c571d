"""`igny8 notify`: where people are told of what happens."""

from typing import TYPE_CHECKING, Annotated

import typer

from igny8.cli.opening import open_database
from igny8.cli.options import AsJson, say, say_json
from igny8.core.errors import UserError

if TYPE_CHECKING:
    from igny8.automation.models import Channel

notify = typer.Typer(
    no_args_is_help=True,
    help="Choose where people are told of what happens, and try it.",
)
Name = Annotated[str, typer.Argument(help="The name of the channel.")]


@notify.command("add")
def add(
    name: Name,
    address: Annotated[str, typer.Argument(help="An e-mail address, or a webhook's address.")],
    kind: Annotated[str, typer.Option(help="email, webhook or slack.")] = "webhook",
) -> None:
    """Add a channel for all sites; a webhook's secret is shown this once."""
    open_database()
    from igny8.accounts.models import owner_account
    from igny8.automation.notify.channels import add_channel

    made, secret = add_channel(owner_account(), name=name, kind=kind, address=address)
    say(f"Added {made.name}. Try it: igny8 notify test {made.name}")
    _show(secret)


@notify.command("list")
def list_channels(as_json: AsJson = False) -> None:
    """List the channels, and how the last message to each went."""
    open_database()
    from igny8.accounts.models import owner_account
    from igny8.automation.presenters.deliveries import channel_rows

    rows = [
        {
            "name": row.channel.name,
            "kind": row.channel.kind,
            "address": row.channel.address,
            "secret": f"…{row.channel.secret_tail}" if row.channel.secret_tail else "",
            "last": f"{row.look.word}: {row.last.answer}" if row.look and row.last else "",
        }
        for row in channel_rows(owner_account())
    ]
    if as_json:
        say_json({"channels": rows})
        return
    for told in rows:
        say("  ".join(value for value in told.values() if value))
    if not rows:
        say("None yet. Add one: igny8 notify add NAME ADDRESS")


@notify.command("test")
def try_out(name: Name) -> None:
    """Send a test message at once and say what came back."""
    channel = _open(name)
    from igny8.automation.notify.trying import try_channel

    answer = try_channel(channel)
    if not answer.ok:
        raise UserError(f"{channel.name}: {answer.says}")
    say(f"{channel.name}: {answer.says}")


@notify.command("secret")
def secret(name: Name) -> None:
    """Make a new secret for a webhook; it is shown this once."""
    channel = _open(name)
    from igny8.automation.notify.channels import renew_secret

    if channel.kind != channel.Kind.WEBHOOK:
        raise UserError(f"{channel.name} is no webhook: nothing it gets is signed.")
    _show(renew_secret(channel))


@notify.command("remove")
def remove(name: Name) -> None:
    """Remove a channel; what was on its way there is dropped."""
    channel = _open(name)
    channel.delete()
    say(f"Removed {channel.name}.")


def _open(name: str) -> "Channel":
    open_database()
    from igny8.accounts.models import owner_account
    from igny8.automation.notify.channels import stored_channel

    return stored_channel(owner_account(), name)


def _show(secret: str) -> None:
    if secret:
        say(f"Its secret, shown this once: {secret}")
