"""Where the pages are served and how mail leaves, read from the environment."""

from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
MAIL_PORTS = {"smtp": 587, "smtps": 465}


def public_address(given: str) -> SplitResult | None:
    """The address that people type, without a path; None: only this machine is served."""
    if not given:
        return None
    parts = urlsplit(given.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise ImproperlyConfigured(
            "IGNY8_URL must look like https://igny8.example.org, without a path."
        )
    return parts


def allowed_hosts(listed: str, address: SplitResult | None) -> list[str]:
    """Those of IGNY8_ALLOWED_HOSTS; else this machine and the public address."""
    if named := [host.strip() for host in listed.split(",") if host.strip()]:
        return named
    return [*LOCAL_HOSTS, *([address.hostname] if address and address.hostname else [])]


@dataclass(frozen=True)
class MailServer:
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    uses_ssl: bool = False
    uses_starttls: bool = False


def mail_server(url: str) -> MailServer:
    """From `smtp://user:password@host:port`; without a host nothing is sent."""
    if not url:
        return MailServer()
    parts = urlsplit(url)
    if parts.scheme not in MAIL_PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            "IGNY8_EMAIL_URL must look like smtp://user:password@mail.example.org:587 "
            "(or smtps://… for port 465)."
        )
    return MailServer(
        host=parts.hostname,
        port=parts.port or MAIL_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        uses_ssl=parts.scheme == "smtps",
        uses_starttls=parts.scheme == "smtp" and parts.hostname not in LOCAL_HOSTS,
    )
