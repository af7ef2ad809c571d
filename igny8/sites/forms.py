"""What is asked about a site when it is added."""

from functools import cache
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.utils.text import slugify

from igny8.sites.models import Site

LONGEST_SLUG = 60
ZONES = {"list": "zones", "autocomplete": "off", "spellcheck": "false"}


@cache
def time_zones() -> tuple[str, ...]:
    """Those that people know by a place, and UTC; what a field for one offers."""
    places = sorted(name for name in available_timezones() if "/" in name)
    return ("UTC", *(name for name in places if not name.startswith(("Etc/", "SystemV/"))))


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Its name, how it is called in addresses, and what every article should know."""

    class Meta:
        model = Site
        fields: ClassVar[list[str]] = ["name", "slug", "language", "time_zone", "audience"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        for name, field in self.fields.items():
            field.widget.attrs |= {"class": "input", "aria-describedby": f"hint_{name}"}
        self.fields["name"].widget.attrs |= {"autofocus": True, "autocomplete": "organization"}
        self.fields["time_zone"].widget.attrs |= ZONES
        if not self.is_bound:
            self.fields["time_zone"].widget.attrs["data-guess"] = "zone"

    def zones(self) -> tuple[str, ...]:
        return time_zones()

    def clean_slug(self) -> str:
        """Left empty it is made of the name."""
        given = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name", ""))
        slug: str = given[:LONGEST_SLUG].strip("-")
        if not slug:
            raise forms.ValidationError("Use letters, digits and hyphens.")
        if Site.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"A site “{slug}” is here already; choose another.")
        return slug
