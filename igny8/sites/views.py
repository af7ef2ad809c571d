"""Adding a site to a team."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from igny8.accounts.access import account_page
from igny8.accounts.audit import record
from igny8.accounts.models import Account, Role
from igny8.sites.forms import SiteForm
from igny8.sites.models import Site


@account_page(Role.EDITOR)
def add(request: HttpRequest, account: Account) -> HttpResponse:
    form = SiteForm(request.POST or None, instance=Site(account=account))
    if request.method == "POST" and form.is_valid():
        site = form.save()
        record(request, "added", site, site)
        return redirect("planner:import", site.slug)
    context = {
        "title": "Add a site",
        "form": form,
        "account": account,
        "is_first": not Site.objects.live().filter(account=account).exists(),
        "has_sample": Site.objects.live().filter(is_sample=True).exists(),
    }
    return render(request, "sites/add.html", context)
