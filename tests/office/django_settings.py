"""The office's settings for tests: a folder of their own, a cheap password hash, no connection pool."""

import os
from pathlib import Path

os.environ["SHEBAOKA_FOLDER"] = str(Path(__file__).parents[2] / "var" / "test-office")
os.environ.setdefault("SHEBAOKA_SECRET_KEY", "TEST_ONLY-signs-nothing-that-anybody-would-ever-want-to-forge")

from shebaoka.office.settings import *  # noqa: F403
from shebaoka.office.settings import DATABASES, STORAGES

del DATABASES["default"]["OPTIONS"]["pool"]
PASSWORD_HASHERS = ["office.hashing.CheapArgon2"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
