"""Where answers come from, and every call that was made for one."""

from django.db import models
from django.db.models import Q

from igny8.accounts.models import Account
from igny8.accounts.secrets import SealedField
from igny8.core import clock
from igny8.core.models import OneOfField, TimeStamped
from igny8.sites.models import Site

SAMPLE_MODEL = "sample"


class AIConnection(TimeStamped):
    """A provider of answers, with the limits that all workers share."""

    class Kind(models.TextChoices):
        SAMPLE = "sample"
        OPENAI_COMPATIBLE = "openai_compatible"
        ANTHROPIC = "anthropic"
        GEMINI = "gemini"

    class OutputMode(models.TextChoices):
        """How a model is made to answer with JSON: by its API, as a tool's call, or by words."""

        NATIVE = "native"
        TOOL = "tool"
        PROMPTED = "prompted"

    account = models.ForeignKey(Account, models.PROTECT, related_name="connections")
    name = models.CharField(max_length=80)
    kind = OneOfField(max_length=30, choices=Kind)
    base_url = models.URLField(blank=True)
    sealed_key = SealedField(blank=True)
    key_tail = models.CharField(max_length=4, blank=True)
    output_mode = OneOfField(max_length=20, choices=OutputMode, blank=True)
    max_concurrent = models.PositiveSmallIntegerField(null=True, blank=True)
    requests_per_minute = models.PositiveIntegerField(null=True, blank=True)
    cooldown_until = models.DateTimeField(null=True, blank=True)
    down_until = models.DateTimeField(null=True, blank=True)
    attention = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked = models.JSONField(default=dict, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "igny8_ai_connections"
        constraints = (
            models.UniqueConstraint(
                fields=("account", "name"),
                condition=Q(removed_at=None),
                name="connection_name_once",
            ),
        )

    def __str__(self) -> str:
        return self.name


class RouteStep(TimeStamped):
    """One place in the order of models that answer a function, for an account or one site.

    `function` is a function's name, or `text` or `image` for all that ask for such answers.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="routes")
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="routes")
    function = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    connection = models.ForeignKey(AIConnection, models.CASCADE, related_name="routes")
    model = models.CharField(max_length=120)
    settings = models.JSONField(default=dict, blank=True)

    class Meta:
        db_table = "igny8_ai_routes"
        constraints = (
            models.UniqueConstraint(
                fields=("account", "function", "position"),
                condition=Q(site=None),
                name="route_step_once_an_account",
            ),
            models.UniqueConstraint(
                fields=("site", "function", "position"), name="route_step_once_a_site"
            ),
        )

    def __str__(self) -> str:
        return f"{self.function} {self.position}: {self.model}"


class AICall(models.Model):
    """One request to a provider; the durable memory of what was asked, answered and paid."""

    class State(models.TextChoices):
        SENT = "sent"
        ANSWERED = "answered"
        USED = "used"
        REJECTED = "rejected"
        FAILED = "failed"
        UNKNOWN = "unknown"
        LATE = "late"

    key = models.CharField(max_length=200)
    attempt = models.PositiveIntegerField()
    state = OneOfField(max_length=20, choices=State, default=State.SENT)
    forgiven = models.BooleanField(default=False)
    function = models.CharField(max_length=40)
    request_hash = models.CharField(max_length=64)
    connection = models.ForeignKey(AIConnection, models.PROTECT, related_name="calls")
    model = models.CharField(max_length=120, blank=True, help_text="as it was asked for")
    answered_model = models.CharField(max_length=120, blank=True, help_text="as it calls itself")
    worker = models.CharField(max_length=80, blank=True)
    run_ref = models.CharField(max_length=40, blank=True)
    stage = models.PositiveSmallIntegerField(null=True)
    object_ref = models.CharField(max_length=60, blank=True)
    site_id = models.BigIntegerField(null=True)
    site_slug = models.CharField(max_length=60, blank=True)
    raw = models.BinaryField(null=True)
    revised_prompt = models.TextField(blank=True)
    cut = models.BooleanField(default=False)
    complaint = models.TextField(blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)
    input_tokens = models.PositiveIntegerField(null=True)
    output_tokens = models.PositiveIntegerField(null=True)
    cached_tokens = models.PositiveIntegerField(null=True)
    image_tokens = models.PositiveIntegerField(null=True)
    reserved = models.DecimalField(max_digits=14, decimal_places=4, default=0)
    cost_microusd = models.BigIntegerField(null=True)
    credits = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    sent_at = models.DateTimeField(default=clock.now)
    deadline_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "igny8_ai_calls"
        verbose_name = "AI call"
        constraints = (
            models.UniqueConstraint(fields=("key", "attempt"), name="call_attempt_once"),
            models.UniqueConstraint(
                fields=("key",), condition=Q(state__in=("sent", "answered")), name="call_open_once"
            ),
        )
        indexes = (
            models.Index(fields=("run_ref", "stage"), name="calls_of_run"),
            models.Index(fields=("object_ref", "site_id"), name="calls_of_object"),
            models.Index(
                fields=("connection", "sent_at"), condition=Q(state="sent"), name="calls_in_flight"
            ),
            models.Index(
                fields=("sent_at",),
                condition=Q(state__in=("sent", "unknown")),
                name="calls_uncertain",
            ),
            models.Index(
                fields=("connection", "sent_at"),
                condition=Q(state__in=("sent", "unknown")),
                name="calls_uncertain_connection",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} #{self.attempt}"


class GatePlace(models.Model):
    """A run's place in the line before a connection with limits; the lowest id came first.

    It is held while the worker lives and the run looks again when it said it would.
    """

    connection = models.ForeignKey(AIConnection, models.CASCADE, related_name="line")
    run_ref = models.CharField(max_length=40)
    worker = models.CharField(max_length=80)
    look_at = models.DateTimeField()

    class Meta:
        db_table = "igny8_ai_gate_places"
        constraints = (
            models.UniqueConstraint(fields=("connection", "run_ref"), name="gate_place_once"),
        )
        indexes = (models.Index(fields=("run_ref",), name="gate_places_of_run"),)

    def __str__(self) -> str:
        return f"{self.run_ref} until {self.look_at}"


class PromptOverride(models.Model):
    """One version of a site's own prompt; the newest is in use, an empty one is the default."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="prompt_overrides")
    function = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    made_by = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "igny8_prompt_overrides"
        constraints = (
            models.UniqueConstraint(
                fields=("site", "function", "version"), name="prompt_version_once"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="prompt_version_from_1"),
        )

    def __str__(self) -> str:
        return f"{self.function} v{self.version}"
