from django.urls import path

from igny8.automation import views

app_name = "automation"
urlpatterns = [path("", views.status, name="status")]
