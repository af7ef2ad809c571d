"""When a site's run is due, and starting it exactly once."""


def start_due_runs() -> None:
    pass
