"""`igny8 user`: who may use this installation."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from igny8.cli.opening import open_database
from igny8.cli.options import AsJson, say, say_json
from igny8.core.errors import UsageError

if TYPE_CHECKING:
    from igny8.accounts.models import User

user = typer.Typer(no_args_is_help=True, help="Add people, list them, set their passwords.")
Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
SHORTEST_PASSWORD = 10


@user.command("add")
def add(email: Email) -> None:
    """Add a person; asks for the password, or reads it from standard input."""
    open_database()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from igny8.accounts.models import User, owner_account
    from igny8.accounts.team import join

    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise UsageError(f"“{email}” is no e-mail address.") from error
    if _found(email):
        raise UsageError(f"{email} is there already. New password: igny8 user password {email}")
    person = User.objects.create_user(email, _password())
    join(owner_account(), person)
    say(f"Added {person.email}.")


@user.command("password")
def set_password(email: Email) -> None:
    """Set a person's password; asks for it, or reads it from standard input."""
    open_database()
    person = _found(email)
    if person is None:
        raise UsageError(f"Nobody here is {email}. See who is: igny8 user list")
    person.set_password(_password())
    person.save(update_fields=("password", "updated_at"))
    say(f"{person.email} has a new password.")


@user.command("list")
def list_people(as_json: AsJson = False) -> None:
    """List everybody."""
    open_database()
    from igny8.accounts.models import User
    from igny8.automation.status import moment

    people = [
        {"email": person.email, "active": person.is_active, "since": moment(person.created_at)}
        for person in User.objects.order_by("email")
    ]
    if as_json:
        say_json(people)
        return
    for person in people:
        say(f"{person['email']}  since {str(person['since'])[:10]}")
    if not people:
        say("Nobody yet. Add somebody: igny8 user add EMAIL")


def _found(email: str) -> "User | None":
    from igny8.accounts.models import User

    return User.objects.filter(email=email.strip().lower()).first()


def _password() -> str:
    """Raises a UsageError for a password that is guessed at once."""
    from django.contrib.auth import password_validation as rules
    from django.core.exceptions import ValidationError

    if sys.stdin.isatty():
        given = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    validators = (
        rules.MinimumLengthValidator(SHORTEST_PASSWORD),
        rules.CommonPasswordValidator(),
        rules.NumericPasswordValidator(),
    )
    try:
        rules.validate_password(given, password_validators=validators)
    except ValidationError as error:
        raise UsageError(" ".join(error.messages)) from error
    return given
