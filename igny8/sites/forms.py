"""What is asked about a site when it is added."""

from typing import Any, ClassVar

from django import forms
from django.utils.text import slugify

from igny8.sites.models import Site

LONGEST_SLUG = 60


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

    def clean_slug(self) -> str:
        """Left empty it is made of the name."""
        given = self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name", ""))
        slug: str = given[:LONGEST_SLUG].strip("-")
        if not slug:
            raise forms.ValidationError("Use letters, digits and hyphens.")
        if Site.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"A site “{slug}” is here already; choose another.")
        return slug
