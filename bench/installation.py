"""A throw-away installation to measure in: its own folder, migrated, with one live worker."""

import os
import tempfile


def open_installation() -> str:
    """Its folder; call it before anything of the product is imported."""
    folder = tempfile.mkdtemp(prefix="igny8-bench-")
    os.environ["IGNY8_DATA"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "igny8.config.settings"
    for name in [name for name in os.environ if name.startswith("IGNY8_OPENAI")]:
        del os.environ[name]
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return folder
