"""Every setting, read from the environment; docs/settings.md describes each (a test compares).

Safe by default: DEBUG is off, cookies are secure once the public address is https, and the secret
key is made at first start and kept in the data folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from convenor.environment import BadSetting, Environment, kept_secret_key, long_enough, split_address

env = Environment(os.environ)
PACKAGE = Path(__file__).resolve().parent

# The place
DATA = Path(env.text("CONVENOR_DATA") or "data").expanduser().resolve()
try:
    DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
except OSError as error:
    raise BadSetting(f"CONVENOR_DATA: can't make the folder {DATA}: {error.strerror}.") from error
PUBLIC_URL = env.text("CONVENOR_URL", "http://127.0.0.1:8000").rstrip("/")
_public = split_address("CONVENOR_URL", PUBLIC_URL, ("http", "https"), "https://meet.example.org")

# Security
SECRET_KEY = long_enough("CONVENOR_SECRET_KEY", env.secret("CONVENOR_SECRET_KEY") or kept_secret_key(DATA))
DEBUG = env.flag("CONVENOR_DEBUG", default=False)
ALLOWED_HOSTS = [_public.hostname, "localhost", "127.0.0.1", "[::1]", *env.listing("CONVENOR_ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _public.scheme == "https"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _public.scheme == "https" else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.flag("CONVENOR_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # sign-in's rate limits count the client's address, not the proxy's
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Limits on what comes in from outside
UPLOAD_MAX_BYTES = env.number("CONVENOR_UPLOAD_MAX_MB", 20, least=1, most=1_000) * 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FETCH_PRIVATE_NETWORKS = env.flag("CONVENOR_FETCH_PRIVATE_NETWORKS", default=False)

# Applications, lowest layer last (ARCHITECTURE.md). Of django_htmx only the middleware is used: as an
# application it would bring static files whose names can't be hashed.
INSTALLED_APPS = [
    "convenor.web",
    "convenor.interop",
    "convenor.attendance",
    "convenor.events",
    "convenor.scheduling",
    "convenor.people",
    "convenor.venues",
    "convenor.base",
    "allauth",
    "allauth.account",
    "csp",
    "django_tasks",
    "rules",
    "template_partials",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "convenor.base.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "convenor.web.middleware.ActorMiddleware",
    "convenor.web.middleware.DomainErrorMiddleware",
    "convenor.web.middleware.ForgetMiddleware",
]
ROOT_URLCONF = "convenor.urls"
WSGI_APPLICATION = "convenor.wsgi.application"
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
                "convenor.web.context.shell",
            ],
        },
    }
]

# Database: SQLite in the data folder, or what DATABASE_URL names
_SQLITE_START = (
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; "
    "PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 134217728"
)
_database_url = env.secret("DATABASE_URL")
if _database_url:
    try:
        DATABASES = {
            "default": dj_database_url.parse(_database_url, conn_max_age=600, conn_health_checks=True)
        }
    except ValueError as error:
        raise BadSetting(
            "DATABASE_URL can't be read; write postgresql://user:password@host:5432/name."
        ) from error
    if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
        raise BadSetting("DATABASE_URL must begin with postgresql://; without it Convenor uses SQLite.")
    if not DATABASES["default"].get("NAME"):
        raise BadSetting("DATABASE_URL names no database; write postgresql://user:password@host:5432/name.")
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA / "convenor.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE_START},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in
AUTH_USER_MODEL = "base.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger can't have us write to addresses that aren't ours
ACCOUNT_ADAPTER = "convenor.base.sign_in.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True

# Language and time
LANGUAGE_CODE = env.choice("CONVENOR_LANGUAGE", "en", ("en", "ro"))
LANGUAGES = [("en", _("English")), ("ro", _("Romanian"))]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["convenor.formats"]
TIME_ZONE = env.zone("CONVENOR_TIME_ZONE", "Europe/Bucharest")
USE_TZ = True
HORIZON_DAYS = env.number("CONVENOR_HORIZON_DAYS", 400, least=60, most=3_660)

# Static files (whitenoise) and uploads
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "uploads"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "convenor.web.storage.StaticStorage"},
}

# Mail
MAIL_URL = env.secret("CONVENOR_MAIL_URL")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("CONVENOR_MAIL_FROM", f"convenor@{_public.hostname}")
if MAIL_URL:
    _schemes = ("smtp", "smtps", "smtp+starttls")
    _mail = split_address("CONVENOR_MAIL_URL", MAIL_URL, _schemes, "smtp+starttls://user:password@host:587")
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or (465 if _mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp+starttls"
    EMAIL_TIMEOUT = 20

# Where answers to invitations come in: the address that mails name, and the mailbox that is looked into
MAIL_REPLIES_TO = env.text("CONVENOR_MAIL_REPLIES_TO") or DEFAULT_FROM_EMAIL
INBOX_URL = env.secret("CONVENOR_INBOX_URL")
if INBOX_URL:
    split_address("CONVENOR_INBOX_URL", INBOX_URL, ("imap", "imaps"), "imaps://user:password@host:993/INBOX")
INVITATION_DELAY = env.number("CONVENOR_INVITATION_DELAY", 120, least=0, most=3_600)
REGISTRATION_LIMIT = env.number("CONVENOR_REGISTRATION_LIMIT", 300, least=1, most=1_000_000)

# Background work
TASKS = {"default": {"BACKEND": "convenor.base.tasks.backend.DatabaseBackend", "QUEUES": ["default"]}}
WORKER_IN_SERVER = env.flag("CONVENOR_WORKER_IN_SERVER", default=True)

# Logging: one line per event on standard error
LOG_LEVEL = env.choice("CONVENOR_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "convenor.base.request_id.RequestIdFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}

env.known.update({"CONVENOR_TEST_DATABASE"})  # read by tests/conftest.py
env.refuse_unknown()
