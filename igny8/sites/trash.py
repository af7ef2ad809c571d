"""Removing rows so that they can be put back, as they were, for 30 days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from igny8.core import clock
from igny8.core.editing import UNPARKED
from igny8.core.errors import UserError
from igny8.core.models import Worked, WorkedQuerySet
from igny8.sites.models import Site, Trash

UNDONE_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Change:
    """Rows that stay, and the columns they get because others go."""

    rows: WorkedQuerySet[Any]
    values: Mapping[str, Any]


def move_to_trash(
    site: Site,
    *,
    kind: str,
    title: str,
    by: str,
    rows: Sequence[models.QuerySet[Any]],
    changes: Sequence[Change] = (),
    files: Iterable[str] = (),
) -> Trash:
    """Removes rows of several models, those that others refer to first in the list.

    `files` are what these rows name below the media folder; they stay until the purge.
    """
    with transaction.atomic():
        tables = [_table(queryset) for queryset in rows]
        stored = {
            "tables": tables,
            "changes": [_apply(change) for change in changes],
            "files": sorted(filter(None, files)),
        }
        trash = Trash.objects.create(
            site=site, kind=kind, title=title[:255], rows=stored, removed_by=by
        )
        for table in reversed(tables):
            _delete(table)
    return trash


def restore(trash: Trash) -> None:
    """Everything as it was; what stayed and went its own way meanwhile is left there.

    Raises UserError when something else has taken the place, or what it belonged to is gone.
    """
    with transaction.atomic():
        if not Trash.objects.filter(pk=trash.pk).delete()[0]:
            raise UserError(f"“{trash.title}” is no longer in the Trash.")
        for table in trash.rows["tables"]:
            for values in table["rows"]:
                _insert(trash, apps.get_model(table["model"]), values)
        for change in trash.rows["changes"]:
            _undo(change)


def purge(trash: Trash) -> list[str]:
    """Removes it for good; returns its files, but those that other things in the Trash name."""
    with transaction.atomic():
        Trash.objects.filter(pk=trash.pk).delete()
        others = Trash.objects.filter(site=trash.site_id).values_list("rows__files", flat=True)
        named = {file for files in others for file in files}
    return [file for file in trash.rows["files"] if file not in named]


def _apply(change: Change) -> dict[str, Any]:
    before = {row["pk"]: row for row in change.rows.values("pk", *change.values)}
    rows = change.rows.model._default_manager.filter(pk__in=before)
    rows.update(**change.values, updated_at=clock.now())
    return {
        "model": change.rows.model._meta.label_lower,
        "after": dict(change.values),
        "before": list(before.values()),
    }


def _undo(change: Mapping[str, Any]) -> None:
    """Only rows that are still what the removal made of them, and that no run holds."""
    model, after = apps.get_model(change["model"]), change["after"]
    assert issubclass(model, Worked)
    before = {row["pk"]: row for row in change["before"]}
    same = model._default_manager.filter(pk__in=before, held_by=None, **after)
    rows = list(same.select_for_update(of=("self",)))
    for row in rows:
        for name, value in {**before[row.pk], **UNPARKED, "updated_at": clock.now()}.items():
            setattr(row, name, value)
    fields = (*after, *UNPARKED, "updated_at")
    model._default_manager.bulk_update(rows, fields, batch_size=UNDONE_AT_ONCE)


def _table(rows: models.QuerySet[Any]) -> dict[str, Any]:
    fields = rows.model._meta.concrete_fields
    return {
        "model": rows.model._meta.label_lower,
        "rows": [{field.attname: _stored(field, row) for field in fields} for row in rows],
    }


def _stored(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    """As JSON can hold it, without losing anything: `to_python` reads it back."""
    value = field.value_from_object(row)
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return field.value_to_string(row)


def _delete(table: Mapping[str, Any]) -> None:
    """Exactly the stored rows: whatever else would go with them is not in the Trash."""
    model = apps.get_model(table["model"])
    pks = [row[model._meta.pk.attname] for row in table["rows"]]
    _, removed = model._default_manager.filter(pk__in=pks).delete()
    if others := set(removed) - {model._meta.label}:
        raise models.ProtectedError(f"{sorted(others)} would be lost with it", set())


def _insert(trash: Trash, model: type[models.Model], values: Mapping[str, Any]) -> None:
    """A column that a newer version added gets its default, one that it dropped is left out."""
    row = model()
    for field in model._meta.concrete_fields:
        if field.attname in values:
            setattr(row, field.attname, field.to_python(values[field.attname]))
    _check_belongings(trash, row)
    try:
        with transaction.atomic():
            # Raw: the moments in the row are its own, not those of its return.
            row.save_base(raw=True, force_insert=True)
    except IntegrityError as error:
        raise UserError(
            f"“{trash.title}” cannot be put back: another {model._meta.verbose_name} has taken "
            "its place. Remove that one first."
        ) from error


def _check_belongings(trash: Trash, row: models.Model) -> None:
    """What a row refers to may be gone; a reference that can be empty then is."""
    for field in row._meta.concrete_fields:
        key = getattr(row, field.attname)
        if not isinstance(field, models.ForeignKey) or key is None:
            continue
        target = field.related_model
        assert not isinstance(target, str)
        if target._default_manager.filter(pk=key).exists():
            continue
        if not field.null:
            raise UserError(
                f"“{trash.title}” cannot be put back: its {target._meta.verbose_name} is gone. "
                "Put that back first."
            )
        setattr(row, field.attname, None)
