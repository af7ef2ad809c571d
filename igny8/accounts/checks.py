"""Refuses to start with a page that nobody said who may open."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from igny8.accounts.access import rule_of
from igny8.accounts.middleware import all_patterns


@register("security")
def every_page_declares_its_rule(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The page at {address!r} declares no rule, so nobody can open it.",
            hint="Decorate its view with site_page, account_page, signed_in_page or public_page.",
            obj=pattern.callback,
            id="igny8.E001",
        )
        for address, pattern in all_patterns()
        if rule_of(pattern.callback) is None
    ]
