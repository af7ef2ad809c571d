"""Who uses this installation."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from igny8.core.models import TimeStamped


class Account(TimeStamped):
    """A team: it owns sites, connections and credits."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        db_table = "igny8_accounts"

    def __str__(self) -> str:
        return self.name


class UserAccess(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None) -> "User":
        user = self.model(email=email.strip().lower())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin, TimeStamped):
    """A person, known by an e-mail address."""

    email = models.EmailField(unique=True)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="users")
    is_active = models.BooleanField(default=True)

    objects = UserAccess()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "igny8_users"

    def __str__(self) -> str:
        return self.email


def owner_account() -> Account:
    """The account of this installation."""
    return Account.objects.order_by("pk").first() or Account.objects.create(name="Owner")
