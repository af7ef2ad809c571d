"""Teams, people, and who may do what in which team."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q

from igny8.core.models import OneOfField, TimeStamped


class Account(TimeStamped):
    """A team: it owns sites, connections and credits."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        db_table = "igny8_accounts"

    def __str__(self) -> str:
        return self.name


class UserAccess(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, name: str = "") -> "User":
        user = self.model(email=email.strip().lower(), name=name.strip())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin, TimeStamped):
    """A person, known by an e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)

    objects = UserAccess()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "igny8_users"

    def __str__(self) -> str:
        return self.email

    @property
    def called(self) -> str:
        """The name that others read."""
        return self.name or self.email


class Role(models.TextChoices):
    """What a person may do in a team; each may also do what the ones before it may."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    OWNER = "owner"

    def includes(self, other: "Role") -> bool:
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class Membership(TimeStamped):
    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = OneOfField(max_length=20, choices=Role, default=Role.VIEWER)

    class Meta:
        db_table = "igny8_memberships"
        constraints = (
            models.UniqueConstraint(fields=("account", "user"), name="membership_once"),
            models.UniqueConstraint(
                fields=("account",), condition=Q(role="owner"), name="one_owner_an_account"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.role} of {self.account}"


UNNAMED_TEAM = "Owner"


def owner_account() -> Account:
    """The account of this installation."""
    return Account.objects.order_by("pk").first() or Account.objects.create(name=UNNAMED_TEAM)
