"""Style sheets put into a page, for pages that must be one self-contained file."""

from importlib.resources import files

from django.utils.safestring import SafeString, mark_safe


def inlined(name: str) -> SafeString:
    """The text of the product's own style sheet `name`, ready to stand between style tags."""
    sheet = files("igny8.theme").joinpath("static", "igny8", name).read_text(encoding="utf-8")
    return mark_safe(sheet)  # noqa: S308  (a file of the product, never a person's text)
