from django.apps import AppConfig


class ThemeConfig(AppConfig):
    name = "igny8.theme"
    label = "igny8_theme"
