"""A person's own page: name, ways in, sessions."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from igny8.accounts.access import signed_in_page
from igny8.accounts.browsers import browser_of
from igny8.accounts.first_owner import can_sign_in
from igny8.accounts.forms import NameForm
from igny8.accounts.models import User


@signed_in_page
def me(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, User)
    words = {
        "title": "Your sign-in",
        "form": NameForm(instance=person),
        "has_way_in": can_sign_in(person),
        "sessions": _sessions(person, request),
        "teams": person.memberships.select_related("account").order_by("account__name"),
        **_second_factors(person),
    }
    return render(request, "accounts/me.html", words)


@signed_in_page
@require_POST
def rename_me(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, User)
    form = NameForm(request.POST, instance=person)
    if form.is_valid():
        form.save()
        messages.success(request, "Your name is saved.")
    return redirect("mfa_index")


@signed_in_page
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=session_id, user=request.user)
    session.end()
    messages.success(request, "That browser is signed out.")
    return redirect("mfa_index")


@signed_in_page
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    end_other_sessions(request, request.user)
    messages.success(request, "All other browsers are signed out.")
    return redirect("mfa_index")


def _sessions(person: User, request: HttpRequest) -> list[dict[str, object]]:
    """Newest first; the one that asks says so."""
    alive = UserSession.objects.purge_and_list(person)
    return [
        {
            "id": session.pk,
            "browser": browser_of(session.user_agent),
            "ip": session.ip,
            "since": session.created_at,
            "is_this": session.session_key == request.session.session_key,
        }
        for session in sorted(alive, key=lambda session: session.created_at, reverse=True)
    ]


def _second_factors(person: User) -> dict[str, object]:
    factors = list(Authenticator.objects.filter(user=person).order_by("pk"))
    codes = [f for f in factors if f.type == Authenticator.Type.RECOVERY_CODES]
    return {
        "passkeys": [f for f in factors if f.type == Authenticator.Type.WEBAUTHN],
        "totp": next((f for f in factors if f.type == Authenticator.Type.TOTP), None),
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else None,
    }
