"""Is this installation able to work? Asked by whatever keeps it running."""

from django.db import Error
from django.http import HttpRequest, JsonResponse

from igny8.accounts.access import public_page
from igny8.automation.checks import Check
from igny8.config.operating import HEALTH, database
from igny8.jobs.models import Worker


@public_page
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when it can, else 503; says what is wrong, and nothing that is nobody's business."""
    checks = [database()]
    if checks[0].ok:
        checks.extend(_checked())
    ok = all(check.ok for check in checks)
    facts = [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks]
    answer = {"ok": ok, "checks": facts, "workers": _workers() if ok else None}
    return JsonResponse(answer, status=200 if ok else 503)


def _checked() -> list[Check]:
    """Tables that are not there yet are a schema that is not up to date."""
    found = [HEALTH[0]()]
    return [*found, *(check() for check in HEALTH[1:])] if found[0].ok else found


def _workers() -> int | None:
    try:
        return Worker.objects.alive().count()
    except Error:
        return None
