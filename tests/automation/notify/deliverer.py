"""A process that delivers, on an installation of its own: `prepare URL N`, `announce N`,
`deliver [SECONDS]` as if it were so much later."""

import os
import sys
from datetime import timedelta


def main(verb: str, *words: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "igny8.config.settings"
    import django

    django.setup()
    if verb == "prepare":
        prepare(words[0])
        announce_failures(int(words[1]), first=1)
    elif verb == "announce":
        announce_failures(int(words[0]), first=1000)
    else:
        deliver(timedelta(seconds=int(words[0]) if words else 0))


def prepare(url: str) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from igny8.accounts.models import owner_account
    from igny8.automation.notify.channels import add_channel
    from tests.factories import make_site

    make_site(slug="garden")
    add_channel(owner_account(), name="Ours", kind="webhook", address=url)


def announce_failures(number: int, *, first: int) -> None:
    from igny8.automation.notify import Event, announce
    from igny8.automation.runs import config_of
    from igny8.sites.models import Site

    site = Site.objects.get()
    config_of(site)
    for n in range(first, first + number):
        announce(Event.RUN_FAILED, site=site, key=f"run:{n}/failed", says=f"Run {n} failed.")


def deliver(later: timedelta) -> None:
    from igny8.automation.notify.delivering import deliver_due
    from igny8.core import clock
    from igny8.core.clock import ManualClock, clock_set_to

    with clock_set_to(ManualClock(clock.now() + later)):
        deliver_due()


if __name__ == "__main__":
    main(*sys.argv[1:])
