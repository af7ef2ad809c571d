"""The addresses of the showroom that every sweep visits, and the dialogs on them."""

from tests.browser.imports_shown import STEPS

STATES = ("empty", "ready", "running", "waiting", "paused", "failed", "cancelled", "completed")
PAGES = {
    **{f"automation-{state}": f"/s/{state}/automation/" for state in STATES},
    "runs": "/s/completed/runs/",
    "runs-empty": "/s/empty/runs/",
    "run": "/s/completed/runs/1/",
    "run-log": "/s/completed/runs/1/?tab=log",
    "run-settings": "/s/completed/runs/1/?tab=settings",
    "run-errors": "/s/failed/runs/5/?tab=errors",
    "runs-failed": "/s/failed/runs/",
    "attention": "/s/failed/automation/attention",
    "attention-none": "/s/completed/automation/attention",
    "content": "/s/completed/content/",
    "content-review": "/s/completed/content/?status=review",
    "content-none": "/s/completed/content/?status=scheduled",
    "review": "/s/completed/review/",
    "prompts": "/s/completed/prompts/auto_cluster/",
    "prompts-own": "/s/completed/prompts/write_section/",
    "prompts-history": "/s/completed/prompts/write_section/history",
    "prompts-history-none": "/s/completed/prompts/auto_cluster/history",
    "import": "/s/ready/keywords/import/",
    "import-first": "/s/empty/keywords/import/",
    **{f"import-{step}": f"/s/ready/keywords/import/{n}/" for n, step in enumerate(STEPS, 1)},
    "add-site": "/team/1/sites/add/",
    "configure": "/s/ready/automation/configure",
    "start": "/s/ready/automation/start",
    "start-dear": "/s/dear/automation/start",
    "start-unpriced": "/s/unpriced/automation/start",
    "automation-unpriced": "/s/unpriced/automation/",
    "team": "/team/1/",
    "notifications": "/team/1/notifications/",
    "channel": "/team/1/notifications/1/",
    "audit": "/team/1/audit/",
    "me": "/me/",
    "not-here": "/s/nowhere/automation/",
}
OPEN = "dialog[open], [popover]:popover-open"
# What is clicked one after the other; the last click opens it.
DIALOGS = {
    "configure": ("/s/ready/automation/", "#row-configure"),
    "run-now": ("/s/ready/automation/", "#row-run-now"),
    "cancel": ("/s/running/automation/", "#act-x"),
    "send-back": ("/s/completed/review/", "[data-key=R]"),
    "channel": ("/team/1/notifications/", "a[href$='/notifications/1/']"),
    "reset-prompt": ("/s/completed/prompts/write_section/", "text=Reset to default"),
    "palette": ("/s/completed/automation/", "[data-open=palette]"),
    "shortcuts": ("/s/ready/automation/", "#user-menu", "[data-open=shortcuts] >> nth=0"),
    "sites": ("/s/completed/automation/", "[popovertarget=sites-pop]"),
    "you": ("/s/completed/automation/", "#user-menu"),
    "remove-sample": (
        "/s/completed/automation/",
        "[popovertarget=sites-pop]",
        "text=Remove the sample site…",
    ),
}
