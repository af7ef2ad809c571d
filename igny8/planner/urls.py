from django.urls import path

from igny8.planner.views import imports, sample

app_name = "planner"
urlpatterns = [
    path("s/<slug:site_slug>/keywords/import/", imports.bring, name="import"),
    path(
        "s/<slug:site_slug>/keywords/import/<int:import_id>/",
        imports.import_file,
        name="import-file",
    ),
    path(
        "s/<slug:site_slug>/keywords/import/<int:import_id>/progress",
        imports.import_progress,
        name="import-progress",
    ),
    path(
        "s/<slug:site_slug>/keywords/import/<int:import_id>/bad-rows.csv",
        imports.bad_rows,
        name="import-bad-rows",
    ),
    path("team/<int:account_id>/sites/sample/", sample.load_sample, name="load-sample"),
]
