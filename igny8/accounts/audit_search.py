"""Finding lines of the audit log; the address of the page is the question."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from igny8.accounts.models import Account, AuditEntry, Kind

PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What somebody looks for; empty means any. `before` is the id where older lines begin."""

    q: str = ""
    person: str = ""
    kind: str = ""
    site: str = ""
    before: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        return cls(**{name: query.get(name, "").strip()[:120] for name in cls.__dataclass_fields__})

    def address(self, **changes: object) -> str:
        """The query of the same question with something changed."""
        wanted = {**asdict(self), **changes}
        return urlencode({name: value for name, value in wanted.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return any((self.q, self.person, self.kind, self.site))


def lines(account: Account, asked: Asked) -> QuerySet[AuditEntry]:
    """Newest first."""
    found = AuditEntry.objects.filter(account=account)
    if asked.q:
        found = found.filter(_says(asked.q))
    if asked.person:
        found = found.filter(person=asked.person)
    if asked.kind in Kind.values:
        found = found.filter(kind=asked.kind)
    if asked.site:
        found = found.filter(site_slug=asked.site)
    if asked.before.isdecimal():
        found = found.filter(pk__lt=int(asked.before))
    return found.order_by("-pk")


def choices(account: Account) -> dict[str, list[str]]:
    """The names and sites that occur."""
    of_account = AuditEntry.objects.filter(account=account).order_by()
    names = of_account.values_list("person", flat=True).distinct()
    slugs = of_account.exclude(site_slug="").values_list("site_slug", flat=True).distinct()
    return {"people": sorted(names, key=str.lower), "slugs": sorted(slugs)}


def _says(words: str) -> Q:
    return (
        Q(person__icontains=words)
        | Q(verb__icontains=words)
        | Q(thing__icontains=words)
        | Q(note__icontains=words)
    )
