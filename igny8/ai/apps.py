from django.apps import AppConfig


class AIConfig(AppConfig):
    name = "igny8.ai"
    label = "igny8_ai"
