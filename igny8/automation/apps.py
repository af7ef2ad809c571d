from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "igny8.automation"
    label = "igny8_automation"
