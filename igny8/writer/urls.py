from django.urls import path

from igny8.writer import views

app_name = "writer"
SITE = "s/<slug:site_slug>"
urlpatterns = [
    path(f"{SITE}/content/", views.contents, name="contents"),
    path(f"{SITE}/review/", views.review, name="review"),
    path(f"{SITE}/content/<int:pk>/", views.article, name="article"),
    path(f"{SITE}/content/<int:pk>/approve", views.approve, name="approve"),
    path(f"{SITE}/content/<int:pk>/send-back", views.send_back_article, name="send-back"),
    path("media/<slug:site_slug>/<path:name>", views.media, name="media"),
]
