from django.urls import path

from igny8.writer import views

app_name = "writer"
SITE = "s/<slug:site_slug>"
urlpatterns = [
    path(f"{SITE}/content/", views.contents, name="contents"),
    path(f"{SITE}/review/", views.review, name="review"),
    path(f"{SITE}/content/<int:pk>/", views.article, name="article"),
    path(f"{SITE}/content/<int:pk>/approve", views.approve, name="approve"),
    path(f"{SITE}/content/<int:pk>/reopen", views.reopen, name="reopen"),
    path(f"{SITE}/content/<int:pk>/send-back", views.send_back_article, name="send-back"),
    path(f"{SITE}/content/<int:pk>/check", views.check_again, name="check"),
    path(f"{SITE}/content/<int:pk>/pictures", views.pictures, name="pictures"),
    path(f"{SITE}/images/<int:pk>/earlier", views.earlier, name="earlier"),
    path("media/<slug:site_slug>/<path:name>", views.media, name="media"),
]
