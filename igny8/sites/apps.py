from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "igny8.sites"
    label = "igny8_sites"
