from django.urls import path

from igny8.planner import views

app_name = "planner"
urlpatterns = [
    path("s/<slug:site_slug>/keywords/import/", views.bring, name="import"),
    path("s/<slug:site_slug>/keywords/import/check/", views.check, name="check"),
    path("team/<int:account_id>/sites/sample/", views.load_sample, name="load-sample"),
]
