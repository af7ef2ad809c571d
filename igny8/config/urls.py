from django.urls import include, path

from igny8.config.health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("", include("igny8.automation.urls")),
]
