"""Django's settings of the office; what a deployment may set is in ``configuration``."""

from datetime import timedelta

from shebaoka.driver import STATIC_FILES
from shebaoka.office.configuration import read_configuration, secret_key
from shebaoka.office.database import database_settings
from shebaoka.office.operations import logs

CONFIGURATION = read_configuration()
PRODUCTION = CONFIGURATION.production
LOGGING = logs.configuration(CONFIGURATION.log_level, CONFIGURATION.log_format)
logs.configure()

SECRET_KEY = secret_key(CONFIGURATION)
DEBUG = False
ALLOWED_HOSTS = CONFIGURATION.host_names
ROOT_URLCONF = "shebaoka.office.urls"
WSGI_APPLICATION = "shebaoka.office.wsgi.application"
AUTH_USER_MODEL = "organizations.Staff"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CONTEXTS = (
    "base",
    "audit",
    "organizations",
    "parameters",
    "rules",
    "incidents",
    "approval",
    "people",
    "cards",
    "access",
    "custody",
    "psams",
    "interfaces",
    "jobs",
)
DESK = (
    "entrance",
    "acts",
    "organizations",
    "parameters",
    "rules",
    "incidents",
    "approval",
    "people",
    "cards",
    "custody",
    "psams",
    "interfaces",
    "enquiry",
    "audit",
)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "procrastinate.contrib.django",
    "pgtrigger",
    *(f"shebaoka.office.{name}" for name in CONTEXTS),
    "shebaoka.office.portal",
    "shebaoka.office.desk",
    *(f"shebaoka.office.desk.{name}" for name in DESK),
]
MIDDLEWARE = [
    "shebaoka.office.operations.requests.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "shebaoka.office.api.problems.Problems",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shebaoka.office.base.middleware.Office",
    "shebaoka.office.cards.relay.middleware.CardChannel",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shebaoka.office.desk.navigation.context",
            ],
        },
    }
]
MESSAGE_TAGS = {20: "busy", 25: "good", 30: "warn", 40: "bad"}  # tones of base.pieces by level
FORM_RENDERER = "shebaoka.office.base.forms.OfficeRenderer"
CSRF_FAILURE_VIEW = "shebaoka.office.base.error_pages.too_late"

DATABASES = {"default": database_settings(CONFIGURATION)}
AUTHENTICATION_BACKENDS = ["shebaoka.office.organizations.web.StaffBackend"]
PASSWORD_HASHERS = ["shebaoka.office.base.argon2.Argon2id"]
# KiB, passes, lanes: the least that OWASP advises; bench/sign_in.py tells what it costs
ARGON2 = (19_456, 2, 1)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English"), ("es", "Español")]
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = "shebaoka.office.base.formats"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = CONFIGURATION.path / "static"
STATICFILES_DIRS = [("driver", STATIC_FILES)]  # the script of the local reader service
READER_PORT = int(CONFIGURATION.reader_port)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = CONFIGURATION.path / "files"
FILE_UPLOAD_PERMISSIONS = 0o600

SESSION_COOKIE_AGE = int(timedelta(hours=8).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = CONFIGURATION.https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = CONFIGURATION.https
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIGURATION.https else None
SECURE_HSTS_SECONDS = 31_536_000 if CONFIGURATION.https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
