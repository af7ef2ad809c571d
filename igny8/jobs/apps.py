from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "igny8.jobs"
    label = "igny8_jobs"
