"""Pictures as pages show them."""

from django import template
from django.utils.safestring import SafeString

from igny8.writer.article import address_of, figure_of, hero_of
from igny8.writer.models import Image, PictureFile
from igny8.writer.pictures import file_of_width

register = template.Library()


@register.simple_tag
def small(picture: PictureFile) -> str:
    """The address of its smallest file."""
    address = address_of(picture)
    return file_of_width(address, min(picture.widths)) if picture.widths else address


@register.simple_tag
def figure(image: Image) -> SafeString:
    return figure_of(image)


@register.simple_tag
def hero(image: Image) -> SafeString:
    return hero_of(image)
