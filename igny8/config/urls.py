from django.urls import include, path

from igny8.accounts.views.errors import not_here, too_often
from igny8.config.health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("", include("igny8.accounts.urls")),
    path("", include("igny8.automation.urls")),
]
handler404 = not_here
handler429 = too_often
