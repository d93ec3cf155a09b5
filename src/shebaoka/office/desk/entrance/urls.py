"""Where each page is; the names are ``desk:sign-in`` and so on, without a part."""

from django.urls import URLPattern, path

from shebaoka.office.desk.entrance import account, activation, second_factor, sign_in, staff_session

urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/code", second_factor.code, name="sign-in-code"),
    path("sign-in/recovery", second_factor.recovery, name="sign-in-recovery"),
    path("sign-in/passkey", second_factor.passkey, name="sign-in-passkey"),
    path("sign-in/set-up", second_factor.set_up, name="sign-in-set-up"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("activate", activation.activate, name="activate"),
    path("me", account.me, name="me"),
    path("me/password", account.password, name="password"),
    path("me/authenticator", account.authenticator, name="authenticator"),
    path("me/recovery-codes", account.recovery_codes, name="recovery-codes"),
    path("me/passkeys", account.passkey_add, name="passkey-add"),
    path("me/passkeys/<uuid:id>/remove", account.passkey_close, name="passkey-close"),
    path("session", staff_session.session, name="session"),
    path("session/stay", staff_session.stay, name="session-stay"),
    path("session/begin", staff_session.begin, name="session-begin"),
]
