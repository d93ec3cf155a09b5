"""Argon2id with the parameters that stand in the settings (``ARGON2``), for every password of the office."""

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """``ARGON2`` of the settings: memory in KiB, passes, lanes."""

    memory_cost, time_cost, parallelism = settings.ARGON2
