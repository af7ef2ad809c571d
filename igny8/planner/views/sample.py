"""A site that shows what the product does, before anybody has keywords."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from igny8.accounts.access import account_page
from igny8.accounts.audit import record
from igny8.accounts.models import Account, Role
from igny8.intake import open_export
from igny8.planner.keyword_import import import_keywords
from igny8.planner.sample import keyword_file
from igny8.sites.models import Site

SAMPLE_SLUG, SAMPLE_NAME = "demo", "Indoor Herb Garden"


@account_page(Role.EDITOR)
def load_sample(request: HttpRequest, account: Account) -> HttpResponse:
    """A site with the bundled keywords and without delays, to look around."""
    if request.method != "POST":
        return redirect("sites:add", account.pk)
    if (found := Site.objects.live().filter(account=account, is_sample=True).first()) is not None:
        return redirect("automation:page", found.slug)
    slug = SAMPLE_SLUG
    if Site.objects.filter(slug=slug).exists():
        slug = f"{SAMPLE_SLUG}-{Site.objects.count() + 1}"
    site = Site.objects.create(account=account, slug=slug, name=SAMPLE_NAME, is_sample=True)
    report = import_keywords(site, open_export(keyword_file()))
    record(request, "loaded the sample", site, site)
    messages.success(request, f"The sample site is here, with {report.rows.new} keywords.")
    return redirect("automation:page", site.slug)
