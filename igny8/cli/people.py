"""`igny8 user`: who may use this installation."""

from typing import Annotated

import typer

from igny8.cli.opening import open_database
from igny8.cli.options import say
from igny8.core.errors import UsageError

app = typer.Typer(no_args_is_help=True, help="Add and list people.")
Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
Password = Annotated[
    str,
    typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar="IGNY8_PASSWORD"),
]


@app.command("add")
def add(email: Email, password: Password) -> None:
    """Add a person."""
    open_database()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from igny8.accounts.models import User, owner_account

    try:
        validate_email(email)
    except ValidationError as error:
        raise UsageError(f"“{email}” is no e-mail address.") from error
    if User.objects.filter(email=email.strip().lower()).exists():
        raise UsageError(f"{email} is there already; set a password: igny8 user password {email}")
    user = User.objects.create_user(email, password)
    User.objects.filter(pk=user.pk).update(account=owner_account())
    say(f"{user.email} was added.")


@app.command("password")
def password(email: Email, password: Password) -> None:
    """Set a person's password."""
    open_database()
    from igny8.accounts.models import User

    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise UsageError(f"Nobody here is {email}; see: igny8 user list")
    user.set_password(password)
    user.save(update_fields=("password",))
    say(f"The password of {user.email} was set.")


@app.command("list")
def list_people() -> None:
    """List everybody."""
    open_database()
    from igny8.accounts.models import User

    for user in User.objects.order_by("email"):
        say(f"{user.email}  since {user.created_at:%Y-%m-%d}")
