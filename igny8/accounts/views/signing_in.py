"""allauth's pages with our words: sign-in, password reset, second factors."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.conf import settings
from django.urls import reverse_lazy

from igny8.accounts.access import public_page, signed_in_page
from igny8.accounts.first_owner import has_owner

ME = reverse_lazy("mfa_index")


class _SignIn(account.LoginView):  # type: ignore[misc]  # allauth is untyped
    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**given),
            "host": self.request.get_host(),
            "has_owner": has_owner(),
        }


class _ForgottenPassword(account.PasswordResetView):  # type: ignore[misc]  # allauth is untyped
    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return {**super().get_context_data(**given), "email_ready": settings.EMAIL_READY}


sign_in = public_page(_SignIn.as_view())
sign_out = public_page(account.LogoutView.as_view())
inactive = public_page(account.AccountInactiveView.as_view())
forgotten = public_page(_ForgottenPassword.as_view())
reset_sent = public_page(account.PasswordResetDoneView.as_view())
reset_password = public_page(account.PasswordResetFromKeyView.as_view())
reset_done = public_page(account.PasswordResetFromKeyDoneView.as_view())
second_step = public_page(factor.AuthenticateView.as_view())
sign_in_by_passkey = public_page(passkey.LoginWebAuthnView.as_view())

confirm = signed_in_page(account.ReauthenticateView.as_view())
confirm_by_code = signed_in_page(factor.ReauthenticateView.as_view())
confirm_by_passkey = signed_in_page(passkey.ReauthenticateWebAuthnView.as_view())
change_password = signed_in_page(account.PasswordChangeView.as_view(success_url=ME))
set_password = signed_in_page(account.PasswordSetView.as_view(success_url=ME))
add_totp = signed_in_page(totp.ActivateTOTPView.as_view())
remove_totp = signed_in_page(totp.DeactivateTOTPView.as_view())
see_codes = signed_in_page(codes.ViewRecoveryCodesView.as_view())
new_codes = signed_in_page(codes.GenerateRecoveryCodesView.as_view())
download_codes = signed_in_page(codes.DownloadRecoveryCodesView.as_view())
add_passkey = signed_in_page(passkey.AddWebAuthnView.as_view())
rename_passkey = signed_in_page(passkey.EditWebAuthnView.as_view(success_url=ME))
remove_passkey = signed_in_page(passkey.RemoveWebAuthnView.as_view(success_url=ME))
