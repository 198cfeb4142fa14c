"""One settings file. Everything comes from the environment; every default is safe.

`.env.example` lists the variables. `config/checks.py` refuses combinations that would be unsafe,
with a numbered message, before anything starts.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

SITE_NAME = env.str("SITE_NAME", default="Recourse")
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
EXIT_URL = env.str("EXIT_URL", default="https://www.bbc.co.uk/weather")
FAULT_POINT = env.str("FAULT_POINT", default="")

_site = urlsplit(SITE_URL)
SITE_HOST = _site.hostname or "localhost"
SITE_IS_HTTPS = _site.scheme == "https"
SITE_IS_LOOPBACK = SITE_HOST in {"localhost", "127.0.0.1", "::1"}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE_HOST])

# An empty key stops the start (check E001): there is no key that would be right for everybody.
# `bin/run` keeps the one that it makes in the file, so that commands beside it find it too.
_secret_file = Path(env.str("SECRET_KEY_FILE", default=str(VAR_DIR / "keys" / "secret")))
SECRET_KEY = env.str("SECRET_KEY", default="") or (
    _secret_file.read_text(encoding="ascii").strip() if os.access(_secret_file, os.R_OK) else ""
)
# The ring wraps the case keys. KEYRING is the ring itself, KEYRING_FILE a file that holds it.
KEYRING = env.str("KEYRING", default="")
KEYRING_FILE = env.str("KEYRING_FILE", default=str(VAR_DIR / "keys" / "ring"))

INSTALLED_APPS = [
    "config",
    "core",
    "audit",
    "accounts",
    "platforms",
    "cases",
    "notices",
    "insights",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
]

MIDDLEWARE = [
    "core.middleware.KeyScope",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.SecurityHeaders",
    "core.middleware.RequestGuard",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimits",
    "config.cover.Cover",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.Preferences",
    "accounts.middleware.FirstRun",
    "axes.middleware.AxesMiddleware",
]

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context_processors.shell",
            ],
            "builtins": ["core.templatetags.recourse"],
        },
    }
]

# ------------------------------------------------------------------ databases


def _database(variable: str, file_name: str) -> dict[str, Any]:
    """Return the connection of `variable`, or an embedded SQLite file of VAR_DIR."""
    database: dict[str, Any] = env.db_url(variable, default=f"sqlite:///{VAR_DIR / file_name}")
    options = database.setdefault("OPTIONS", {})
    if database["ENGINE"].endswith("sqlite3"):
        VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        options |= {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA secure_delete=ON;"
            ),
        }
    else:
        database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
        options.setdefault("connect_timeout", 3)
        options.setdefault("keepalives_idle", 30)
        options.setdefault(
            "options",
            # A save that waits for somebody else's lock says so within three seconds.
            "-c statement_timeout=15000 -c lock_timeout=2500"
            # Compiling a query of a page took a second, and running it a few milliseconds.
            " -c idle_in_transaction_session_timeout=30000 -c jit=off",
        )
    return database


DATABASES = {
    "default": _database("DATABASE_URL", "recourse.sqlite3"),
    "keys": _database("KEYS_DATABASE_URL", "keys.sqlite3"),
}
DATABASE_ROUTERS = ["core.keystore.KeyRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# ------------------------------------------------------------------ people and sessions

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["accounts.hashing.Argon2InTurn"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.passwords.OrganisationWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "insights:today"
ACCOUNT_ADAPTER = "accounts.adapter.InvitationOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
# A pair of person and address waits a quarter of an hour after ten tries; an account never locks,
# because an abuser who knows an advocate's address could keep her out.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "accounts.passwords.tried_address"
# A subject is read on lock screens: it names neither the organisation nor the program.
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Its limit counts by account alone.
ACCOUNT_RATE_LIMITS = {"login_failed": False}
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False

# The middleware ends a session after 20 idle minutes; the row lives for the ten hours of the
# longest day, so that who had been signed in is still known when a late form arrives.
SESSION_COOKIE_AGE = 36_000
SESSION_ABSOLUTE_AGE = 36_000
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_SAVE_EVERY_REQUEST = False
CSRF_USE_SESSIONS = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if SITE_IS_HTTPS:
    SESSION_COOKIE_NAME = "__Host-s"
    LANGUAGE_COOKIE_NAME = "__Host-l"
    LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The container's own health check asks over plain http on loopback.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# "no-referrer" makes browsers post forms with "Origin: null", which the CSRF check must refuse;
# other sites learn nothing either way.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# ------------------------------------------------------------------ mail

# smtp://user:password@host:port, smtps:// for TLS from the start; empty = what the first-run
# set-up stored. Plain smtp without STARTTLS is accepted on loopback only.
SUBMISSION_URL = env.str("SUBMISSION_URL", default="")
# Where the organisation's archive address keeps its copies: a Maildir that this machine can read.
ARCHIVE_MAILDIR = env.str("ARCHIVE_MAILDIR", default="")
# Our own door for mail, on loopback or an inner network: a mail server stands before it.
INBOUND_SMTP_HOST = env.str("INBOUND_SMTP_HOST", default="127.0.0.1")
INBOUND_SMTP_PORT = env.int("INBOUND_SMTP_PORT", default=2525)
# imaps://user:password@host/INBOX: the mailbox that is asked every minute. Empty: none.
MAILBOX_URL = env.str("MAILBOX_URL", default="")
# The name under which our own mail server signs its verdicts on DKIM, SPF and DMARC (RFC 8601).
AUTHSERV_ID = env.str("AUTHSERV_ID", default="")
EMAIL_BACKEND = "accounts.mail.SubmissionBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"no-reply@{SITE_HOST}")
CATCHER_URL = env.str("CATCHER_URL", default="")
SEND_HOLD_SECONDS = env.int("SEND_HOLD_SECONDS", default=60)

# ------------------------------------------------------------------ language, time, files

LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("nl", "Nederlands"),
    ("it", "Italiano"),
    ("de", "Deutsch"),
    ("es", "Español"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# ------------------------------------------------------------------ logs: codes, never content

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "core.logs.Redact"}},
    "formatters": {
        "line": {"()": "core.logs.Line", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["redact"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
        "flufl.bounce": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
