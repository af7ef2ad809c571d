"""How people set the automation, and how they start a run."""

from typing import Any, ClassVar

from django import forms

from igny8.automation.confirming import ToType
from igny8.automation.models import AutomationConfig, AutomationRun, Channel, Event
from igny8.automation.parking import failed_rows
from igny8.automation.presenters.schedule_row import WEEKDAYS
from igny8.automation.schedule import reschedule
from igny8.automation.stages import WORK_STAGES
from igny8.sites.forms import ZONES, time_zones
from igny8.sites.models import Site, valid_time_zone

STAGE_CHOICES = [(s.number, f"{s.number}. {s.title}") for s in WORK_STAGES]
SCHEDULES = {
    "off": "Off: only when you start it",
    "daily": "Every day",
    "weekly": "Every week",
    "monthly": "Every month",
    "cron": "Cron expression",
}
EVENT_HINTS = {
    Event.RUN_COMPLETED: "with how many articles wait for review",
    Event.RUN_FAILED: "with the hand-over that stopped it",
    Event.RUN_PAUSED: "budget reached, provider down, key refused, disk full",
    Event.CONNECTION_ATTENTION: "key refused or quota used up; also among the pauses",
    Event.ERROR_SPIKE: "3 and a fifth of the last 20 items; once a stage",
    Event.OVER_ESTIMATE: "by more than the percentage above; once a run",
    Event.BUDGET_NEARLY_USED: "80 % of it; a run pauses at 100 %",
    Event.SLOTS_MISSED: "because a run was still under way or paused",
}


class ConfigForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Every setting of a site's automation; what is out of range is said at its field."""

    time_zone = forms.CharField(max_length=64, validators=[valid_time_zone])
    notify = forms.MultipleChoiceField(
        choices=Event.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = AutomationConfig
        fields: ClassVar[list[str]] = [
            "enabled", "schedule", "schedule_time", "schedule_weekday", "schedule_day",
            "schedule_cron", "stage_1_batch_size", "stage_2_batch_size", "stage_3_batch_size",
            "stage_5_batch_size", "within_stage_delay", "between_stage_delay",
            "ideas_per_cluster", "images_per_article", "wants_images", "attempts", "stop_after",
            "budget_run", "budget_day", "budget_month", "budget_item",
            "alert_error_percent", "alert_over_estimate_percent", "notify",
        ]  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            "schedule_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "schedule_weekday": forms.Select(choices=list(enumerate(WEEKDAYS))),
            "stop_after": forms.Select(choices=[("", "Nowhere: up to the gate"), *STAGE_CHOICES]),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].initial = self.instance.site.time_zone
        self.fields["schedule"].choices = list(SCHEDULES.items())  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            _dress(field, name)
        self.fields["time_zone"].widget.attrs |= ZONES

    def clean_schedule_time(self) -> Any:
        """An empty time is the one that was set before."""
        return self.cleaned_data["schedule_time"] or self.instance.schedule_time

    def zones(self) -> tuple[str, ...]:
        return time_zones()

    def events(self) -> list[tuple[Any, str]]:
        """A box an event, and what it is about."""
        return list(zip(self["notify"], EVENT_HINTS.values(), strict=True))

    def store(self) -> None:
        site = self.instance.site
        site.time_zone = self.cleaned_data["time_zone"]
        site.save(update_fields=("time_zone", "updated_at"))
        self.save()
        reschedule(self.instance)


def _dress(field: forms.Field, name: str) -> None:
    """The look of the design's fields; each points at its hint and, when wrong, at its error."""
    widget = field.widget
    kind = "select" if isinstance(widget, forms.Select) else "input"
    kind = "switch" if isinstance(widget, forms.CheckboxInput) else kind
    kind = "check" if isinstance(widget, forms.CheckboxSelectMultiple) else kind
    number = " input-num" if isinstance(widget, forms.NumberInput) else ""
    widget.attrs |= {"class": f"{kind}{number}", "aria-describedby": f"hint_{name}"}


class StartForm(forms.Form):
    """Where a run begins and stops; of a large or dear one the number is typed."""

    first_stage = forms.TypedChoiceField(choices=STAGE_CHOICES, coerce=int, required=False)
    stop_after = forms.TypedChoiceField(
        choices=[("", "The review gate"), *STAGE_CHOICES],
        coerce=int,
        empty_value=None,
        required=False,
    )
    typed = forms.IntegerField(required=False)

    def __init__(
        self,
        *args: Any,
        to_type: ToType | None = None,
        own_stop: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.to_type = to_type
        if own_stop:
            stop = f"As configured: {dict(STAGE_CHOICES)[own_stop]}"
            self.fields["stop_after"].choices = [("", stop), *STAGE_CHOICES]  # type: ignore[attr-defined]
        for name in ("first_stage", "stop_after"):
            self.fields[name].widget.attrs["class"] = "select"
        self.fields["typed"].widget.attrs |= {"class": "input input-num", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_stage") or 1, cleaned.get("stop_after")
        if last and last < first:
            self.add_error("stop_after", f"Stop after stage {first} or a later one.")
        if self.to_type and cleaned.get("typed") != self.to_type.number:
            self.add_error("typed", f"Type {self.to_type.number} to start this run.")
        return cleaned


class ChannelForm(forms.Form):
    """Where a team is told of things; what an address must look like depends on the kind."""

    name = forms.CharField(max_length=80)
    kind = forms.ChoiceField(choices=Channel.Kind.choices)
    address = forms.CharField(max_length=500)


class ChannelChangeForm(forms.Form):
    """Left empty, the address stays: most of it is stored sealed and never shown."""

    name = forms.CharField(max_length=80)
    address = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It opens over the page that adds channels, whose fields bear the usual ids.
        super().__init__(*args, **{**kwargs, "auto_id": "change_%s"})
        for name, field in self.fields.items():
            _dress(field, name)


class RetryForm(forms.Form):
    """Which parked rows are worked on again: of a run, of stages, or chosen ones in a stage."""

    run = forms.IntegerField(required=False)
    stage = forms.TypedMultipleChoiceField(choices=STAGE_CHOICES, coerce=int, required=False)
    rows = forms.Field(widget=forms.MultipleHiddenInput, required=False)
    attempts = forms.IntegerField(min_value=1, max_value=5, required=False)

    def clean_rows(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["rows"] or () if pk.isdecimal()]

    def rows_of(self, site: Site) -> dict[int, list[int] | None]:
        """By stage; None is all of them."""
        if number := self.cleaned_data["run"]:
            run = AutomationRun.objects.filter(site=site, pk=number).first()
            return dict(failed_rows(run)) if run else {}
        return dict.fromkeys(self.cleaned_data["stage"], self.cleaned_data["rows"] or None)
