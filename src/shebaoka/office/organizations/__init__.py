"""Ministry, provinces, cities and below; staff, roles, dual control. Every act of the office passes here.

How somebody signs in: ``services.sign_in(number, password, address)`` gives a ``SignIn``, whose id the web
session keeps. If it is ``enrolled``, one of ``second_factor_totp``, ``second_factor_passkey`` (after
``passkey_challenge``) or ``second_factor_recovery`` gives the member of staff; if not, ``totp_offer`` shows a
secret once and ``totp_confirm`` gives her and her recovery codes. ``web.enter`` then begins the web session.
Before the first time, and after a loss, ``services.activate`` takes both parts of an activation code
(``activation_begin`` by an administrator, ``activation_confirm`` by a leader) and a new password.
"""
