"""Coming in for the first time: the owner's set-up, and invitations."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.internal.ratelimit import consume
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from igny8.accounts.access import public_page, signed_in
from igny8.accounts.first_owner import can_sign_in, has_owner, is_set_up_code, make_owner
from igny8.accounts.forms import JoinForm, SetUpForm, WayIn
from igny8.accounts.invitations import accept, enrol, open_invitation
from igny8.accounts.models import Invitation, User
from igny8.accounts.views.errors import too_often
from igny8.core.errors import UserError

CODE_LIMIT = {"set_up": "20/15m/ip"}
STEPS = ("Owner", "Site", "Keywords", "First run")
WALK = (
    ("key-round", "Keywords → Clusters", "Same topic, same group"),
    ("layers", "Clusters → Ideas", "Angles worth an article"),
    ("lightbulb", "Ideas → Tasks", "Planned, no AI used"),
    ("pen-line", "Tasks → Content", "One draft at a time"),
    ("image-plus", "Content → Image Prompts", "What each picture shows"),
    ("images", "Image Prompts → Images", "With alt text"),
    ("octagon-pause", "Manual Review Gate", "You approve, edit or send back"),
)


@public_page
@never_cache
@sensitive_post_parameters("password", "code")
def set_up(request: HttpRequest) -> HttpResponse:
    """Makes the owner; there is no such page once there is one."""
    if has_owner():
        raise Http404
    if not consume(request, app="igny8", action="set_up", config=CODE_LIMIT):
        return too_often(request)
    code = request.GET.get("code", "")
    form = SetUpForm(request.POST or None, initial={"code": code, "way": WayIn.PASSKEY})
    if form.is_valid():
        given = form.cleaned_data
        owner = make_owner(given["email"], name=given["name"], password=given["password"])
        return _go_in(request, owner, form)
    words = {
        "form": form,
        "code_is_right": bool(code) and is_set_up_code(code),
        "steps": STEPS,
        "walk": WALK,
        "passkeys_work": _passkeys_work(request),
    }
    return render(request, "accounts/set_up.html", words)


@public_page
@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Who is signed in joins, who has an account signs in first, who is new makes one."""
    found = open_invitation(secret)
    if found is None:
        return render(request, "accounts/invitation_gone.html", status=404)
    person = signed_in(request)
    if person is not None:
        return _join_signed_in(request, found, person)
    known = User.objects.filter(email=found.email).first()
    if known is not None and can_sign_in(known):
        return render(request, "accounts/invitation_known.html", {"invitation": found})
    return _join_new(request, found)


def _join_signed_in(request: HttpRequest, found: Invitation, person: User) -> HttpResponse:
    if person.email == found.email and request.method == "POST":
        try:
            accept(found, person)
        except UserError as error:
            messages.error(request, str(error))
        return redirect("/")
    return render(request, "accounts/invitation_join.html", {"invitation": found})


def _join_new(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, email=found.email, initial={"way": WayIn.PASSKEY})
    if form.is_valid():
        given = form.cleaned_data
        try:
            person = enrol(found, name=given["name"], password=given["password"])
        except UserError as error:
            messages.error(request, str(error))
            return redirect("account_login")
        return _go_in(request, person, form)
    words = {"invitation": found, "form": form, "passkeys_work": _passkeys_work(request)}
    return render(request, "accounts/invitation_new.html", words)


def _go_in(request: HttpRequest, person: User, form: WayIn) -> HttpResponse:
    """Signed in at once; whoever chose a passkey makes it next, without proving it twice."""
    response: HttpResponse = perform_login(request, Login(user=person, redirect_url="/"))
    record_authentication(request, person, method="invitation", reauthenticated=True)
    return HttpResponseRedirect(reverse("mfa_add_webauthn")) if form.by_passkey() else response


def _passkeys_work(request: HttpRequest) -> bool:
    """Browsers offer them on https and on localhost alone, never at an IP address."""
    host = request.get_host().partition(":")[0]
    return request.is_secure() or host == "localhost" or host.endswith(".localhost")
