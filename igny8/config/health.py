"""Is this installation able to work? Asked by whatever keeps it running."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from igny8.accounts.access import public_page
from igny8.jobs.models import Worker


@public_page
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers; says whether a worker is alive, too."""
    try:
        workers = Worker.objects.alive().count()
    except DatabaseError:
        return JsonResponse({"ok": False, "database": "unreachable"}, status=503)
    return JsonResponse({"ok": True, "database": "ok", "workers": workers})
