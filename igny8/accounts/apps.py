from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "igny8.accounts"
    label = "igny8_accounts"

    def ready(self) -> None:
        from igny8.accounts import checks  # noqa: F401 - registers
        from igny8.accounts.watch import listen

        listen()
