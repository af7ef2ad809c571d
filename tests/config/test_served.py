"""Where the pages are served: read from the environment, a wrong value is named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from igny8.config.served import MailServer, allowed_hosts, mail_server, public_address

HTTPS = {
    "IGNY8_URL": "https://igny8.example.org",
    "IGNY8_SECRET_KEYS": "a-key-of-your-own,the-one-before",
    "IGNY8_EMAIL_URL": "smtp://user:p%40ss@mail.example.org",
}


def manage(folder: Path, *words: str, **environment: str) -> str:
    """What `manage.py` says on an installation of its own."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        env={**os.environ, "IGNY8_DATA": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_the_documented_settings_pass_the_deployment_checks(tmp_path: Path) -> None:
    assert "no issues" in manage(tmp_path, "check", "--deploy", "--fail-level=INFO", **HTTPS)


def test_over_https_cookies_are_secure_and_browsers_stay_there(tmp_path: Path) -> None:
    wanted = (
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "ALLOWED_HOSTS",
        "CSRF_TRUSTED_ORIGINS",
    )
    code = f"from django.conf import settings as s; print([getattr(s, n) for n in {wanted!r}])"
    assert manage(tmp_path, "shell", "-v", "0", "-c", code, **HTTPS).strip() == str(
        [
            *(True, True, True, 31536000),
            ["localhost", "127.0.0.1", "[::1]", "igny8.example.org"],
            ["https://igny8.example.org"],
        ]
    )


def test_without_an_address_only_this_machine_is_served() -> None:
    assert public_address("") is None
    assert allowed_hosts("", None) == ["localhost", "127.0.0.1", "[::1]"]


def test_listed_hosts_win() -> None:
    assert allowed_hosts("a.example, b.example", public_address("https://c.example")) == [
        "a.example",
        "b.example",
    ]


@pytest.mark.parametrize("address", ["igny8.example.org", "ftp://x", "https://x/path", "https://"])
def test_a_wrong_address_is_named(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="IGNY8_URL"):
        public_address(address)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", MailServer()),
        (
            "smtp://ann:p%40ss@mail.example.org",
            MailServer("mail.example.org", 587, "ann", "p@ss", uses_starttls=True),
        ),
        (
            "smtps://mail.example.org:4650",
            MailServer("mail.example.org", 4650, uses_ssl=True),
        ),
        ("smtp://localhost:25", MailServer("localhost", 25)),
    ],
)
def test_a_mail_server_is_one_line(url: str, expected: MailServer) -> None:
    assert mail_server(url) == expected


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://"])
def test_a_wrong_mail_server_is_named(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="IGNY8_EMAIL_URL"):
        mail_server(url)
