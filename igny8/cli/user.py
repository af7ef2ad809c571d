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
RoleName = Annotated[
    str, typer.Option("--role", help="viewer, reviewer or editor; the first person is the owner.")
]


@user.command("add")
def add(email: Email, role: RoleName = "editor") -> None:
    """Add a person; asks for the password, or reads it from standard input."""
    open_database()
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from igny8.accounts.models import Role, User, owner_account
    from igny8.accounts.team import join

    if role not in Role.values or role == Role.OWNER:
        raise UsageError(f"“{role}” is no role to give: write viewer, reviewer or editor.")
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise UsageError(f"“{email}” is no e-mail address.") from error
    if _found(email):
        raise UsageError(f"{email} is there already. New password: igny8 user password {email}")
    person = User.objects.create_user(email, _password())
    given = join(owner_account(), person, Role(role)).get_role_display().lower()
    say(f"Added {person.email} as {given}.")


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


@user.command("reset")
def reset(email: Email) -> None:
    """Let somebody in again who lost everything: new password, no passkeys, no codes."""
    open_database()
    from allauth.mfa.models import Authenticator

    person = _found(email)
    if person is None:
        raise UsageError(f"Nobody here is {email}. See who is: igny8 user list")
    person.set_password(_password())
    person.save(update_fields=("password", "updated_at"))
    removed = Authenticator.objects.filter(user=person).delete()[0]
    say(f"{person.email} has a new password. Passkeys and codes removed: {removed}.")


@user.command("list")
def list_people(as_json: AsJson = False) -> None:
    """List everybody."""
    open_database()
    from igny8.accounts.models import User

    people = list(User.objects.order_by("email").prefetch_related("memberships"))
    roles = {p.pk: [m.role for m in p.memberships.all()] for p in people}
    if as_json:
        say_json([_said(person, roles[person.pk]) for person in people])
        return
    for person in people:
        held = ", ".join(roles[person.pk]) or "in no team"
        say(f"{person.email}  {held}  since {person.created_at:%Y-%m-%d}")
    if not people:
        say("Nobody yet. Add somebody: igny8 user add EMAIL")


def _said(person: "User", roles: list[str]) -> dict[str, object]:
    from igny8.automation.status import moment

    return {
        "email": person.email,
        "active": person.is_active,
        "roles": roles,
        "since": moment(person.created_at),
    }


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
    try:
        rules.validate_password(given)
    except ValidationError as error:
        raise UsageError(" ".join(error.messages)) from error
    return given
