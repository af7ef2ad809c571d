"""The audit log: one line for everything that a person did and others may ask about."""

from typing import Protocol

from django.http import HttpRequest

from igny8.accounts.models import Account, AuditEntry, Kind, User

LONGEST_THING, LONGEST_VALUE, LONGEST_NOTE = 255, 120, 200


class OfTeam(Protocol):
    """A site, as far as a line names it."""

    pk: int
    slug: str
    account_id: int


def record(
    who: HttpRequest | User | str,
    verb: str,
    thing: object = "",
    site: OfTeam | None = None,
    *,
    kind: Kind = Kind.WORK,
    account: Account | None = None,
    before: str = "",
    after: str = "",
    note: str = "",
) -> None:
    """One line, readable as “Mara *started* *run 87*”; never give it a password, key or link.

    `who` is a name where nobody signed in. The team is `account`, else the site's, else the
    request's.
    """
    person = who.user if isinstance(who, HttpRequest) else who
    known = person if isinstance(person, User) else None
    typed = who if isinstance(who, str) else "Somebody"
    name = known.called if known else typed
    AuditEntry.objects.create(
        account_id=_account_id(who, site, account),
        person_id=known.pk if known else None,
        person=name[:LONGEST_VALUE],
        kind=kind,
        verb=verb,
        thing=str(thing)[:LONGEST_THING],
        before=before[:LONGEST_VALUE],
        after=after[:LONGEST_VALUE],
        note=note[:LONGEST_NOTE],
        site_id=site.pk if site else None,
        site_slug=site.slug if site else "",
    )


def record_access(person: User, verb: str, note: str = "") -> None:
    """What concerns a person's own way in is told to each of their teams."""
    for membership in person.memberships.select_related("account"):
        record(person, verb, kind=Kind.ACCESS, account=membership.account, note=note)


def _account_id(who: HttpRequest | User | str, site: OfTeam | None, account: Account | None) -> int:
    if account is not None:
        return account.pk
    if site is not None:
        return site.account_id
    entered: Account = who.account  # type: ignore[union-attr]  # set by the page's rule
    return entered.pk
