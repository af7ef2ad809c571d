"""All settings: environment variables with defaults that start; a wrong one is named."""

import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, SELF
from csp.constants import NONE as CSP_NONE
from django.core.exceptions import ImproperlyConfigured

from igny8.config.served import allowed_hosts, mail_server, public_address
from igny8.core.networks import Network, read_networks

DATA_DIR = Path(os.environ.get("IGNY8_DATA") or "data").resolve()
ENGINE_FILE = DATA_DIR / "igny8.engine.sqlite3"


def sqlite_database() -> dict[str, Any]:
    """IMMEDIATE: under DEFERRED most transactions of several writers fail. FULL: the ledger
    survives a power cut, and a model's answer takes longer than the disk."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "igny8.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;"
                "PRAGMA journal_size_limit=67108864;"
            ),
        },
    }


# A server that is gone without a word is noticed within seconds, also in mid-answer.
IDLE_TIMEOUT = "idle_in_transaction_session_timeout"
POSTGRES_OPTIONS = {
    "application_name": "igny8",
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
    # A worker that stands still in a transaction holds locks: they go before it counts as dead.
    "options": f"-c {IDLE_TIMEOUT}=15000",
}


def postgres_database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgresql://user:password@host:5432/name "
            "(leave it empty to use SQLite)."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {**POSTGRES_OPTIONS, **dict(parse_qsl(parts.query))},
    }


def one_of(variable: str, default: str, *others: str) -> str:
    """The variable's word, in lower case."""
    word = os.environ.get(variable, "").strip().lower() or default
    if word not in (default, *others):
        raise ImproperlyConfigured(f"{variable} must be one of {', '.join((default, *others))}.")
    return word


def secret_keys() -> list[str]:
    """The keys of IGNY8_SECRET_KEYS, newest first; else one kept in the data folder."""
    if named := [
        k.strip() for k in os.environ.get("IGNY8_SECRET_KEYS", "").split(",") if k.strip()
    ]:
        return named
    kept = DATA_DIR / "secret-keys"
    if not kept.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(os.urandom(32).hex() + "\n", encoding="ascii")
    return kept.read_text(encoding="ascii").split()


def allowed_networks() -> tuple[Network, ...]:
    """Private networks that addresses typed by users may lead into; none by default."""
    try:
        return read_networks(os.environ.get("IGNY8_ALLOWED_NETWORKS", ""))
    except ValueError as wrong:
        raise ImproperlyConfigured(f"IGNY8_ALLOWED_NETWORKS: {wrong}") from wrong


ALLOWED_NETWORKS = allowed_networks()
SECRET_KEYS = secret_keys()
SECRET_KEY, *SECRET_KEY_FALLBACKS = [
    hashlib.sha256(b"django:" + key.encode()).hexdigest() for key in SECRET_KEYS
]
DEBUG = False
PUBLIC_ADDRESS = public_address(os.environ.get("IGNY8_URL", ""))
ALLOWED_HOSTS = allowed_hosts(os.environ.get("IGNY8_ALLOWED_HOSTS", ""), PUBLIC_ADDRESS)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "igny8.core",
    "igny8.theme",
    "igny8.jobs",
    "igny8.accounts",
    "igny8.sites",
    "igny8.credits",
    "igny8.ai",
    "igny8.planner",
    "igny8.writer",
    "igny8.automation",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
AUTH_USER_MODEL = "igny8_accounts.User"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "igny8.accounts.middleware.answer_safely",
    "igny8.theme.compression.Compressed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "igny8.accounts.middleware.EveryPageHasRule",
    "igny8.accounts.middleware.AwayIsNoFault",
]
ROOT_URLCONF = "igny8.config.urls"
WSGI_APPLICATION = "igny8.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "igny8.sites.context.place",
                "igny8.automation.navigation.navigation",
            ]
        },
    }
]

DATABASE_URL = os.environ.get("DATABASE_URL", "")
DATABASES = {"default": postgres_database(DATABASE_URL) if DATABASE_URL else sqlite_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = DATA_DIR / "media"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
LOG_FORMAT = one_of("IGNY8_LOG_FORMAT", "text", "json")
LOG_LEVEL = one_of("IGNY8_LOG_LEVEL", "warning", "debug", "info", "error").upper()
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # straight from the package: there is no collecting step
WHITENOISE_MAX_AGE = 365 * 24 * 3600  # addresses change with what the files say

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "igny8_remembered",
    },
    "fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "igny8.accounts.entrance.Entrance"
ACCOUNT_FORMS = {"login": "igny8.accounts.forms.SignInForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = PUBLIC_ADDRESS.scheme if PUBLIC_ADDRESS else "http"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {"login_failed": "30/15m/ip,5/15m/key"}
MFA_ADAPTER = "igny8.accounts.entrance.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the owner or an invitation vouches for the address
MFA_RECOVERY_CODE_COUNT = 8
MFA_TOTP_TOLERANCE = 1
SESSION_COOKIE_AGE = 14 * 24 * 3600
USERSESSIONS_TRACK_ACTIVITY = False

_mail = mail_server(os.environ.get("IGNY8_EMAIL_URL", ""))
EMAIL_READY = bool(_mail.host)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_READY else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.uses_ssl, _mail.uses_starttls
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("IGNY8_EMAIL_FROM") or f"igny8@{ALLOWED_HOSTS[-1]}"

PROXY = os.environ.get("IGNY8_PROXY") or "127.0.0.1"
SERVED_OVER_HTTPS = PUBLIC_ADDRESS is not None and PUBLIC_ADDRESS.scheme == "https"
SECURE_SSL_REDIRECT = SERVED_OVER_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SERVED_OVER_HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_OVER_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS.geturl()] if PUBLIC_ADDRESS else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],  # widths of bars come from the rows
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "object-src": [CSP_NONE],
        "base-uri": [CSP_NONE],
        "form-action": [SELF],
        "frame-ancestors": [CSP_NONE],
    }
}
# A year of HSTS for this host; its subdomains and browsers' lists are their owner's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "igny8.core.logs.TextLines"},
        "json": {"()": "igny8.core.logs.JsonLines"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": "ERROR" if LOG_LEVEL == "ERROR" else "WARNING"},
    "loggers": {"igny8": {"level": LOG_LEVEL}},
}
