"""Two teams that must never see each other, and every address of the project filled in for one.

A new address whose parameters are not named here fails the walk until somebody says what they are.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import URLPattern

from igny8.accounts.access import Reach, Rule, rule_of
from igny8.accounts.middleware import all_patterns
from igny8.accounts.models import Account, Invitation, Membership, Role, User
from igny8.core import clock
from igny8.sites.models import Site
from tests.factories import make_cluster, make_keyword, make_mapped_keyword

MARK = "zebra"


@dataclass
class World:
    """A team with a site, one person of each role, and a word that all it owns bears."""

    word: str
    account: Account
    site: Site
    people: dict[Role, User] = field(default_factory=dict)

    def client(self, role: Role) -> Client:
        """Signed in, and just asked for the password again."""
        client = Client()
        client.force_login(self.people[role])
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session.save()
        return client


def make_world(word: str) -> World:
    account = Account.objects.create(name=f"{word} team")
    site = Site.objects.create(account=account, slug=f"{word}-site", name=f"{word} site")
    world = World(word, account, site)
    for role in Role:
        person = User.objects.create_user(f"{role}@{word}.example", None, f"{word} {role}")
        Membership.objects.create(account=account, user=person, role=role)
        world.people[role] = person
    make_mapped_keyword(make_cluster(site, f"{word} cluster"), f"{word} keyword")
    return world


def _membership(world: World) -> int:
    return Membership.objects.get(account=world.account, role=Role.VIEWER).pk


def _invitation(world: World) -> int:
    invitation, _ = Invitation.objects.get_or_create(
        account=world.account,
        email=f"guest@{world.word}.example",
        defaults={
            "invited_by": world.word,
            "link_hash": world.word,
            "expires_at": clock.now() + timedelta(days=1),
        },
    )
    return invitation.pk


def _session(world: World) -> int:
    session, _ = UserSession.objects.get_or_create(
        session_key=world.word,
        defaults={"user": world.people[Role.OWNER], "ip": "192.0.2.1", "user_agent": world.word},
    )
    return session.pk


def _passkey(world: World) -> int:
    authenticator, _ = Authenticator.objects.get_or_create(
        user=world.people[Role.OWNER],
        type=Authenticator.Type.WEBAUTHN,
        defaults={"data": {"name": world.word, "credential": {}}},
    )
    return authenticator.pk


def _keyword(world: World) -> int:
    return make_keyword(world.site, f"{world.word} more").pk


# What belongs to somebody. Each makes one for a world and returns what stands in the address.
OBJECTS: dict[str, Callable[[World], object]] = {
    "site_slug": lambda world: world.site.slug,
    "account_id": lambda world: world.account.pk,
    "membership_id": _membership,
    "invitation_id": _invitation,
    "session_id": _session,
    "keyword_id": _keyword,
    "pk": _passkey,
}
# What belongs to nobody: any text of the right form.
WORDS: dict[str, object] = {"secret": "nonsense", "uidb36": "1", "key": "nonsense"}
PLACES = {"site_slug", "account_id"}


@dataclass(frozen=True)
class Address:
    """One pattern of the project, with its rule."""

    route: str
    pattern: URLPattern
    rule: Rule | None

    def __str__(self) -> str:
        return self.route or "/"

    @property
    def parameters(self) -> list[str]:
        return [part.split(":")[-1].split(">")[0] for part in self.route.split("<")[1:]]

    @property
    def objects(self) -> list[str]:
        return [name for name in self.parameters if name in OBJECTS and name not in PLACES]

    @property
    def reach(self) -> Reach | None:
        return self.rule.reach if self.rule else None

    def of(self, place: World, objects: World | None = None) -> str:
        """The address in one world, naming objects of this or another one."""
        path = "/" + self.route
        for name in self.parameters:
            path = path.replace(_part(self.route, name), str(self._value(name, place, objects)))
        return path

    def _value(self, name: str, place: World, objects: World | None) -> object:
        if name in WORDS:
            return WORDS[name]
        return OBJECTS[name](place if name in PLACES else objects or place)


def addresses() -> list[Address]:
    return [Address(route, pattern, rule_of(pattern.callback)) for route, pattern in all_patterns()]


def _part(route: str, name: str) -> str:
    return next(
        f"<{part.split('>')[0]}>"
        for part in route.split("<")[1:]
        if part.split(">")[0].split(":")[-1] == name
    )
