from django.urls import include, path

from igny8.accounts.views.errors import broken, not_here, too_often
from igny8.automation.views.page import home
from igny8.config.health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("", home, name="home"),
    path("", include("igny8.accounts.urls")),
    path("", include("igny8.sites.urls")),
    path("", include("igny8.planner.urls")),
    path("", include("igny8.automation.urls")),
    path("", include("igny8.writer.urls")),
]
handler404 = not_here
handler429 = too_often
handler500 = broken
