"""Every page for people; loaded with the first one that is opened."""

import gc

from django.urls import include, path

from igny8.automation.views.page import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("igny8.accounts.urls")),
    path("", include("igny8.sites.urls")),
    path("", include("igny8.planner.urls")),
    path("", include("igny8.automation.urls")),
    path("", include("igny8.writer.urls")),
]

# What is loaded by now stays for good: looking through it for garbage would hold up one page in
# two hundred for a tenth of a second.
gc.freeze()
