"""People of the installation's team, signed in."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from igny8.accounts.models import Membership, Role, User, owner_account


def person_with(role: Role) -> User:
    person = User.objects.create_user(f"{role.value}@example.com", "three-cups-a-day-12")
    Membership.objects.create(account=owner_account(), user=person, role=role)
    return person


def client_of(person: User) -> Client:
    """As if signed in just now."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client
