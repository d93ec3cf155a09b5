"""Argon2 as the office uses it, with parameters that cost a test nothing."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """8 KiB, one pass, one lane."""

    memory_cost = 8
    time_cost = 1
    parallelism = 1
