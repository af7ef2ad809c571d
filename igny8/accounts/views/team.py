"""The people of a team: who they are for everybody, changes for its owner."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from igny8.accounts import invitations, team
from igny8.accounts.access import account_page
from igny8.accounts.audit import record
from igny8.accounts.forms import INVITED_ROLES, InviteForm, RoleForm, TeamForm
from igny8.accounts.models import Account, Invitation, Kind, Membership, Role, User
from igny8.accounts.people import invited, people_of
from igny8.accounts.roles import ABILITIES
from igny8.core.errors import UserError

SHOWN_ONCE = "invitation_link"


@account_page()
@never_cache
def people(request: HttpRequest, account: Account) -> HttpResponse:
    words = {
        "title": "Team",
        "account": account,
        "people": people_of(account),
        "invited": invited(account),
        "form": InviteForm(),
        "roles": INVITED_ROLES,
        "abilities": ABILITIES,
        "all_roles": [role.label for role in reversed(Role)],
        "is_owner": _is_owner(request),
        "email_ready": settings.EMAIL_READY,
        "link": request.session.pop(SHOWN_ONCE, None),
    }
    return render(request, "accounts/team.html", words)


@account_page(Role.OWNER)
@require_POST
def rename(request: HttpRequest, account: Account) -> HttpResponse:
    before = account.name
    form = TeamForm(request.POST, instance=account)
    if form.is_valid():
        form.save()
        record(request, "renamed the team", kind=Kind.PEOPLE, before=before, after=account.name)
        messages.success(request, f"The team is called {account.name} now.")
    else:
        messages.error(request, "That name is taken or empty. Write another one.")
    return _back(account)


@account_page(Role.OWNER)
@require_POST
def invite(request: HttpRequest, account: Account) -> HttpResponse:
    form = InviteForm(request.POST)
    if form.is_valid():
        _invite(request, account, form.cleaned_data["email"], Role(form.cleaned_data["role"]))
    else:
        messages.error(request, "Nobody was invited: give an e-mail address and a role.")
    return _back(account)


@account_page(Role.OWNER)
@require_POST
def invite_again(request: HttpRequest, account: Account, invitation_id: int) -> HttpResponse:
    """A new link; the one before no longer works."""
    invitation = get_object_or_404(Invitation, pk=invitation_id, account=account)
    _invite(request, account, invitation.email, Role(invitation.role))
    return _back(account)


@account_page(Role.OWNER)
@require_POST
def withdraw(request: HttpRequest, account: Account, invitation_id: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=invitation_id, account=account)
    invitations.withdraw(invitation, _me(request))
    messages.success(request, f"The invitation of {invitation.email} no longer works.")
    return _back(account)


@account_page(Role.OWNER)
@require_POST
def change_role(request: HttpRequest, account: Account, membership_id: int) -> HttpResponse:
    membership = get_object_or_404(Membership, pk=membership_id, account=account)
    form = RoleForm(request.POST)
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        done = f"{membership.user.called} is now {role.label.lower()}."
        _try(request, done, team.change_role, membership, role, _me(request))
    return _back(account)


@account_page(Role.OWNER)
@require_POST
def remove(request: HttpRequest, account: Account, membership_id: int) -> HttpResponse:
    membership = get_object_or_404(Membership, pk=membership_id, account=account)
    done = f"{membership.user.called} is no longer in the team."
    _try(request, done, team.remove, membership, _me(request))
    return _back(account)


@account_page(Role.OWNER)
@require_POST
def hand_over(request: HttpRequest, account: Account, membership_id: int) -> HttpResponse:
    to = get_object_or_404(Membership, pk=membership_id, account=account)
    done = f"{to.user.called} owns the team now; you are an editor."
    _try(request, done, team.hand_over, account, to, _me(request))
    return _back(account)


@account_page()
@require_POST
def leave(request: HttpRequest, account: Account) -> HttpResponse:
    membership = get_object_or_404(Membership, account=account, user=_me(request))
    try:
        team.remove(membership, _me(request))
    except UserError as error:
        messages.error(request, str(error))
        return _back(account)
    messages.success(request, f"You have left {account.name}.")
    return redirect("mfa_index")


def _invite(request: HttpRequest, account: Account, email: str, role: Role) -> None:
    """By e-mail when mail is set up; else, or when it fails, the link is shown once."""
    try:
        invitation, secret = invitations.invite(account, email, role, _me(request))
    except UserError as error:
        messages.error(request, str(error))
        return
    link = request.build_absolute_uri(reverse("accounts:invitation", args=[secret]))
    if settings.EMAIL_READY:
        try:
            invitations.send(invitation, link)
            messages.success(request, f"{invitation.email} has been sent an invitation.")
            return
        except UserError as error:
            messages.error(request, str(error))
    request.session[SHOWN_ONCE] = {"email": invitation.email, "link": link}


def _try(request: HttpRequest, done: str, act: Any, *what: Any) -> None:
    try:
        act(*what)
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)


def _back(account: Account) -> HttpResponse:
    return redirect("accounts:team", account.pk)


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _is_owner(request: HttpRequest) -> bool:
    return request.my_role is Role.OWNER  # type: ignore[attr-defined]  # set by the page's rule
