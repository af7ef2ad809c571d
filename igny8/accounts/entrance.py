"""How people come in: nobody signs up by themselves, an owner or an invitation makes them."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Entrance(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
