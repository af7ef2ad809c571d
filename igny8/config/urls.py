from django.urls import include, path

from igny8.accounts.access import public_page
from igny8.accounts.views.errors import broken, not_here, too_often
from igny8.automation import views as automation
from igny8.config.health import healthz

public_page(automation.status)
urlpatterns = [
    path("healthz", healthz),
    path("", include("igny8.accounts.urls")),
    path("", automation.status, name="home"),
    path("", include("igny8.automation.urls")),
]
handler404 = not_here
handler429 = too_often
handler500 = broken
