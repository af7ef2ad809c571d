"""Asking people into a team: a link that works once, within a week."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from igny8.accounts.audit import record
from igny8.accounts.models import Account, Invitation, Kind, Membership, Role, User
from igny8.core import clock
from igny8.core.errors import UserError

LASTS = timedelta(days=7)


def invite(account: Account, email: str, role: Role, by: User) -> tuple[Invitation, str]:
    """The invitation and the secret of its link; one that was open before is replaced.

    Raises a UserError for somebody who is in the team, and for the role owner.
    """
    email = email.strip().lower()
    if role is Role.OWNER:
        raise UserError("A team has one owner. Invite as editor, then hand the team over.")
    if account.memberships.filter(user__email=email).exists():
        raise UserError(f"{email} is in this team already.")
    secret = secrets.token_urlsafe(24)
    invitation, _ = Invitation.objects.update_or_create(
        account=account,
        email=email,
        defaults={
            "role": role,
            "invited_by": by.called,
            "link_hash": _hash(secret),
            "expires_at": clock.now() + LASTS,
        },
    )
    record(by, "invited", email, kind=Kind.PEOPLE, account=account, note=f"as {role.label}")
    return invitation, secret


def send(invitation: Invitation, link: str) -> None:
    """By e-mail; raises a UserError when the mail server refuses."""
    words = {"invitation": invitation, "link": link, "days": LASTS.days}
    try:
        send_mail(
            f"{invitation.invited_by} invites you to IGNY8",
            render_to_string("accounts/email/invitation.txt", words),
            settings.DEFAULT_FROM_EMAIL,
            [invitation.email],
        )
    except OSError as error:
        raise UserError(
            f"The invitation could not be e-mailed ({error}). Copy its link instead."
        ) from error


def open_invitation(secret: str) -> Invitation | None:
    """The invitation of a link, unless it was used, withdrawn or has run out."""
    alive = Invitation.objects.filter(expires_at__gt=clock.now()).select_related("account")
    return alive.filter(link_hash=_hash(secret)).first()


def accept(invitation: Invitation, person: User) -> Membership:
    """Uses the invitation up; raises a UserError when somebody else was faster."""
    with transaction.atomic():
        if not Invitation.objects.filter(pk=invitation.pk, link_hash=invitation.link_hash).delete()[
            0
        ]:
            raise UserError("This invitation was used already.")
        membership, _ = Membership.objects.get_or_create(
            account=invitation.account, user=person, defaults={"role": invitation.role}
        )
        record(
            person,
            "joined the team",
            kind=Kind.PEOPLE,
            account=invitation.account,
            note=f"as {Role(membership.role).label}, invited by {invitation.invited_by}",
        )
    return membership


def enrol(invitation: Invitation, *, name: str, password: str | None) -> User:
    """A new person, or one who never finished coming in, joins by the invitation."""
    with transaction.atomic():
        person = User.objects.filter(email=invitation.email).first()
        person = person or User.objects.create_user(invitation.email)
        person.name = name
        person.set_password(password)
        person.save(update_fields=("name", "password", "updated_at"))
        accept(invitation, person)
    return person


def withdraw(invitation: Invitation, by: User) -> None:
    invitation.delete()
    record(
        by, "withdrew the invitation of", invitation.email,
        kind=Kind.PEOPLE, account=invitation.account,
    )  # fmt: skip


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
