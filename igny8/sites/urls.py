from django.urls import path

from igny8.sites import views

app_name = "sites"
urlpatterns = [path("team/<int:account_id>/sites/add/", views.add, name="add")]
