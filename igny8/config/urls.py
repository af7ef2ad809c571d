from django.urls import URLResolver, path
from django.urls.resolvers import RoutePattern

from igny8.accounts.views.errors import broken, not_here, too_often
from igny8.config.health import healthz

# By its name, so that an installation nobody looks at does without the pages' 17 MB.
PAGES = URLResolver(RoutePattern(""), "igny8.config.pages")

urlpatterns = [path("healthz", healthz), PAGES]
handler404 = not_here
handler429 = too_often
handler500 = broken
