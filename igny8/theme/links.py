"""The entries of the navigation and of the shortcut sheet."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Link:
    """`key` is the letter after G; `count` None is an entry without one."""

    title: str
    icon: str
    url: str
    key: str = ""
    count: int | None = None
    is_hot: bool = False


@dataclass(frozen=True)
class LinkGroup:
    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Shortcut:
    does: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class ShortcutGroup:
    title: str
    shortcuts: tuple[Shortcut, ...]
