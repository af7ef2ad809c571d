"""Every page for people; loaded with the first one that is opened."""

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
