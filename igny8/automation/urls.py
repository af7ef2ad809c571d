from django.urls import path

from igny8.automation.views import controls, notifications, page, pictures, prompts, runs

app_name = "automation"
SITE = "s/<slug:site_slug>"
CHANNELS = "team/<int:account_id>/notifications"
urlpatterns = [
    path(f"{SITE}/automation/", page.page, name="page"),
    path(f"{SITE}/automation/live", page.live, name="live"),
    path(f"{SITE}/automation/configure", controls.configure, name="configure"),
    path(f"{SITE}/automation/start", controls.start, name="start"),
    path(f"{SITE}/automation/pause", controls.pause, name="pause"),
    path(f"{SITE}/automation/resume", controls.resume, name="resume"),
    path(f"{SITE}/automation/cancel", controls.cancel, name="cancel"),
    path(f"{SITE}/automation/attention", runs.attention, name="attention"),
    path(f"{SITE}/automation/retry", controls.retry, name="retry"),
    path(f"{SITE}/images/<int:pk>/make-again", pictures.make_again, name="make-again"),
    path(f"{SITE}/content/<int:pk>/make-missing", pictures.make_missing, name="make-missing"),
    path(f"{SITE}/remove-sample", controls.remove_sample, name="remove-sample"),
    path(f"{SITE}/prompts/", prompts.prompts, name="prompts"),
    path(f"{SITE}/prompts/<slug:function>/", prompts.prompt, name="prompt"),
    path(f"{SITE}/prompts/<slug:function>/check", prompts.check, name="prompt-check"),
    path(f"{SITE}/prompts/<slug:function>/save", prompts.save, name="prompt-save"),
    path(f"{SITE}/prompts/<slug:function>/try", prompts.try_out, name="prompt-try"),
    path(f"{SITE}/prompts/<slug:function>/reset", prompts.reset, name="prompt-reset"),
    path(f"{SITE}/prompts/<slug:function>/restore", prompts.restore, name="prompt-restore"),
    path(f"{SITE}/prompts/<slug:function>/history", prompts.history, name="prompt-history"),
    path(f"{SITE}/runs/", runs.runs, name="runs"),
    path(f"{SITE}/runs/<int:pk>/", runs.run, name="run"),
    path(f"{SITE}/runs/<int:pk>/log.txt", runs.log_file, name="run-log"),
    path(f"{CHANNELS}/", notifications.notifications, name="notifications"),
    path(f"{CHANNELS}/<int:channel_id>/", notifications.change, name="change-channel"),
    path(f"{CHANNELS}/<int:channel_id>/test/", notifications.test, name="test-channel"),
    path(f"{CHANNELS}/<int:channel_id>/secret/", notifications.renew, name="renew-secret"),
    path(f"{CHANNELS}/<int:channel_id>/remove/", notifications.remove, name="remove-channel"),
]
