"""All settings: environment variables with defaults that start; a wrong one is named."""

import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

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
    }


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
SECRET_KEY = hashlib.sha256(b"django:" + SECRET_KEYS[0].encode()).hexdigest()
DEBUG = False
ALLOWED_HOSTS = [
    h.strip()
    for h in os.environ.get("IGNY8_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if h.strip()
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
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
]
AUTH_USER_MODEL = "igny8_accounts.User"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "igny8.config.urls"
WSGI_APPLICATION = "igny8.config.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

DATABASE_URL = os.environ.get("DATABASE_URL", "")
DATABASES = {"default": postgres_database(DATABASE_URL) if DATABASE_URL else sqlite_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = DATA_DIR / "media"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
