from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    name = "igny8.core"
    label = "igny8_core"

    def ready(self) -> None:
        from igny8.core.choices import renew_checks
        from igny8.core.triggers import install_triggers, remove_triggers

        pre_migrate.connect(remove_triggers, sender=self)
        post_migrate.connect(renew_checks, sender=self)
        post_migrate.connect(install_triggers, sender=self)
