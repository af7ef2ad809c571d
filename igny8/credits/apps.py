from django.apps import AppConfig


class CreditsConfig(AppConfig):
    name = "igny8.credits"
    label = "igny8_credits"
