"""The keys that seal passwords: kept in the data folder, or named in the environment."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

SHOWN = 8


def keys_in_use() -> list[str]:
    return list(settings.SECRET_KEYS)


def kept_keys() -> bytes | None:
    """The file, when it is what counts: IGNY8_SECRET_KEYS wins over it."""
    path = key_file()
    if os.environ.get("IGNY8_SECRET_KEYS") or not path.exists():
        return None
    return path.read_bytes()


def keep_also(keys: Iterable[str]) -> None:
    """They become the newest; those that were there go on opening what they sealed."""
    path = key_file()
    there = path.read_text(encoding="ascii").split() if path.exists() else []
    partial = path.with_name(f".{path.name}.part")
    partial.touch(mode=0o600)
    partial.write_text("\n".join(dict.fromkeys([*keys, *there])) + "\n", encoding="ascii")
    partial.replace(path)


def fingerprints(keys: Iterable[str]) -> list[str]:
    """Enough to tell keys apart, too little to guess one."""
    return [hashlib.sha256(b"fingerprint:" + key.encode()).hexdigest()[:SHOWN] for key in keys]


def key_file() -> Path:
    return Path(settings.DATA_DIR) / "secret-keys"
