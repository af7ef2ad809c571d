"""Two teams that must never see each other, and every address of the project filled in for one.

A new address whose parameters are not named here fails the walk until somebody says what they are.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.urls import URLPattern

from igny8.accounts.access import Reach, Rule, rule_of
from igny8.accounts.middleware import all_patterns
from igny8.accounts.models import Account, Invitation, Membership, Role, User
from igny8.automation.models import AutomationRun, Channel
from igny8.automation.runs import start_run
from igny8.core import clock
from igny8.planner.models import KeywordImport
from igny8.sites.models import Site
from igny8.writer.models import Content, Image
from tests.factories import make_cluster, make_content, make_image, make_mapped_keyword


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
    site = Site.objects.create(
        account=account, slug=f"{word}-site", name=f"{word} site", is_sample=True
    )
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
    return int(session.pk)


def _passkey(world: World) -> int:
    authenticator, _ = Authenticator.objects.get_or_create(
        user=world.people[Role.OWNER],
        type=Authenticator.Type.WEBAUTHN,
        defaults={"data": {"name": world.word, "credential": {}}},
    )
    return int(authenticator.pk)


def _run(world: World) -> int:
    run = AutomationRun.objects.filter(site=world.site).first() or start_run(world.site)
    return run.pk


def _channel(world: World) -> int:
    channel, _ = Channel.objects.get_or_create(
        account=world.account,
        name=f"{world.word} chat",
        defaults={"kind": Channel.Kind.EMAIL, "address": f"team@{world.word}.example"},
    )
    return channel.pk


def _content(world: World) -> int:
    found = Content.objects.filter(site=world.site).first()
    return (found or make_content(world.site, f"{world.word} article")).pk


def _picture(world: World) -> str:
    name = f"{world.word}.webp"
    if not Image.objects.filter(site=world.site).exists():
        make_image(Content.objects.get(pk=_content(world)), file=f"{world.site.slug}/{name}")
        folder = Path(settings.MEDIA_ROOT) / world.site.slug
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"RIFF")
    return name


def _import(world: World) -> int:
    found, _ = KeywordImport.objects.get_or_create(
        site=world.site,
        name=f"{world.word}.csv",
        defaults={"status": "failed", "reason": f"{world.word} is damaged"},
    )
    return found.pk


def _image(world: World) -> int:
    _picture(world)
    return Image.objects.get(site=world.site).pk


# What belongs to somebody, by the step of the address before it and its name. Each makes one for
# a world, or finds it, and returns what stands in the address.
OBJECTS: dict[str, Callable[[World], object]] = {
    "invitations/invitation_id": _invitation,
    "people/membership_id": _membership,
    "sessions/session_id": _session,
    "passkeys/pk": _passkey,
    "runs/pk": _run,
    "notifications/channel_id": _channel,
    "content/pk": _content,
    "images/pk": _image,
    "site_slug/name": _picture,
    "import/import_id": _import,
}
# What belongs to nobody: any text of the right form.
WORDS: dict[str, object] = {
    "invitation/secret": "nonsense",
    "password/uidb36": "1",
    "uidb36/key": "nonsense",
    "prompts/function": "write_section",
}
PLACES: dict[str, Callable[[World], object]] = {
    "s/site_slug": lambda world: world.site.slug,
    "media/site_slug": lambda world: world.site.slug,
    "team/account_id": lambda world: world.account.pk,
}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


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
        """Each with the step before it, as `people/membership_id`."""
        steps = re.split(r"[/-]", PARAMETER.sub(r"<\1>", self.route))
        return [
            f"{before.strip('<>')}/{step[1:-1]}"
            for before, step in pairwise(["", *steps])
            if step.startswith("<")
        ]

    @property
    def objects(self) -> list[str]:
        return [name for name in self.parameters if name in OBJECTS]

    @property
    def reach(self) -> Reach | None:
        return self.rule.reach if self.rule else None

    def of(self, place: World, objects: World | None = None) -> str:
        """The address in one world, naming objects of this or another one."""
        values = [self._value(name, place, objects or place) for name in self.parameters]
        return "/" + PARAMETER.sub(lambda _: str(values.pop(0)), self.route)

    def _value(self, name: str, place: World, objects: World) -> object:
        if name in WORDS:
            return WORDS[name]
        return PLACES[name](place) if name in PLACES else OBJECTS[name](objects)


def addresses() -> list[Address]:
    return [Address(route, pattern, rule_of(pattern.callback)) for route, pattern in all_patterns()]
