"""One plain page about the pipeline, for whoever sits at this machine."""

from ipaddress import ip_address

from django.http import Http404, HttpRequest, HttpResponse

from igny8.automation.live import status_page_of
from igny8.automation.status_page import render
from igny8.sites.models import Site


def status(request: HttpRequest) -> HttpResponse:
    """Without accounts there is nothing to sign in to: only this machine may look."""
    if not ip_address(request.META["REMOTE_ADDR"]).is_loopback:
        raise Http404
    sites = Site.objects.live().order_by("name")
    slug = request.GET.get("site")
    site = sites.filter(slug=slug).first() if slug else _busiest()
    if slug and site is None:
        raise Http404
    return HttpResponse(render(status_page_of(site)))


def _busiest() -> Site | None:
    """The site whose run was started last, else the first one."""
    live = Site.objects.live()
    return live.filter(runs__isnull=False).order_by("-runs__id").first() or live.first()
