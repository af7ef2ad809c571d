"""What people fill in to come in, and to let others in."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from igny8.accounts.entrance import tries_left
from igny8.accounts.first_owner import is_set_up_code
from igny8.accounts.models import Account, Role, User

INVITED_ROLES = [(role.value, role.label) for role in Role if role is not Role.OWNER]


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    def tries_left(self) -> int:
        return tries_left(self.request, self.data.get("login", ""))


class WayIn(forms.Form):
    """A name, and what a person will sign in with."""

    PASSKEY, PASSWORD = "passkey", "password"

    name = forms.CharField(max_length=120)
    way = forms.ChoiceField(choices=[(PASSKEY, "Passkey"), (PASSWORD, "Password")])
    password = forms.CharField(required=False, strip=False, max_length=256)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("way") == self.PASSWORD:
            self._check_password(given)
        else:
            given["password"] = None
        return given

    def address(self) -> str:
        """The e-mail address that the password must not resemble."""
        return str(self.cleaned_data.get("email", ""))

    def by_passkey(self) -> bool:
        return str(self.cleaned_data["way"]) == self.PASSKEY

    def _check_password(self, given: dict[str, Any]) -> None:
        person = User(email=self.address(), name=given.get("name", ""))
        try:
            validate_password(given.get("password") or "", user=person)
        except ValidationError as error:
            self.add_error("password", error)


class SetUpForm(WayIn):
    code = forms.CharField(max_length=40)
    email = forms.EmailField(max_length=254)

    field_order = ("code", "name", "email", "way", "password")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not is_set_up_code(code):
            raise ValidationError(
                "That is not the code of this server. Copy it from the terminal: "
                "it is printed at every start until the owner is made."
            )
        return code


class JoinForm(WayIn):
    """For somebody new; the address is the invitation's."""

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def address(self) -> str:
        return self.email


class InviteForm(forms.Form):
    email = forms.EmailField(max_length=254)
    role = forms.ChoiceField(choices=INVITED_ROLES, initial=Role.REVIEWER)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=INVITED_ROLES)


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    class Meta:
        model = Account
        fields = ("name",)


class NameForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    class Meta:
        model = User
        fields = ("name",)
