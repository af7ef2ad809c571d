"""Pages of people and teams. Names without a space are those that allauth looks up."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from igny8.accounts.views import audit, entering, me, team
from igny8.accounts.views import signing_in as ways


class _Base36(StringConverter):
    """A number in letters and digits: the key behind it may hold hyphens of its own."""

    regex = "[0-9A-Za-z]+"


register_converter(_Base36, "base36")

of_team = [
    path("", team.people, name="team"),
    path("name/", team.rename, name="rename-team"),
    path("invite/", team.invite, name="invite"),
    path("leave/", team.leave, name="leave"),
    path("audit/", audit.log, name="audit"),
    path("audit.csv", audit.export, name="audit-export"),
    path("invitations/<int:invitation_id>/again/", team.invite_again, name="invite-again"),
    path("invitations/<int:invitation_id>/withdraw/", team.withdraw, name="withdraw"),
    path("people/<int:membership_id>/role/", team.change_role, name="change-role"),
    path("people/<int:membership_id>/remove/", team.remove, name="remove"),
    path("people/<int:membership_id>/hand-over/", team.hand_over, name="hand-over"),
]
ours: list[URLPattern | URLResolver] = [
    path("setup/", entering.set_up, name="set-up"),
    path("invitation/<str:secret>/", entering.invitation, name="invitation"),
    path("team/<int:account_id>/", include(of_team)),
    path("me/name/", me.rename_me, name="rename-me"),
    path("me/sessions/<int:session_id>/end/", me.end_session, name="end-session"),
    path("me/sessions/end/", me.end_sessions, name="end-sessions"),
]
entrance = [
    path("sign-in/", ways.sign_in, name="account_login"),
    path("sign-in/passkey/", ways.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("sign-in/code/", ways.second_step, name="mfa_authenticate"),
    path("sign-out/", ways.sign_out, name="account_logout"),
    path("sign-in/inactive/", ways.inactive, name="account_inactive"),
    path("password/", ways.forgotten, name="account_reset_password"),
    path("password/sent/", ways.reset_sent, name="account_reset_password_done"),
    path("password/done/", ways.reset_done, name="account_reset_password_from_key_done"),
    path(
        "password/<base36:uidb36>-<str:key>/",
        ways.reset_password,
        name="account_reset_password_from_key",
    ),
    path("confirm/", ways.confirm, name="account_reauthenticate"),
    path("confirm/code/", ways.confirm_by_code, name="mfa_reauthenticate"),
    path("confirm/passkey/", ways.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
]
own = [
    path("", me.me, name="mfa_index"),
    path("password/", ways.change_password, name="account_change_password"),
    path("password/new/", ways.set_password, name="account_set_password"),
    path("app/", ways.add_totp, name="mfa_activate_totp"),
    path("app/remove/", ways.remove_totp, name="mfa_deactivate_totp"),
    path("codes/", ways.see_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", ways.new_codes, name="mfa_generate_recovery_codes"),
    path("codes/download/", ways.download_codes, name="mfa_download_recovery_codes"),
    path("passkeys/add/", ways.add_passkey, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", ways.rename_passkey, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", ways.remove_passkey, name="mfa_remove_webauthn"),
]
urlpatterns = [
    path("", include((ours, "accounts"))),
    path("", include(entrance)),
    path("me/", include(own)),
]
