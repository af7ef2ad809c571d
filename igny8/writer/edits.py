"""What people do to articles, also while runs work: each verb is one short transaction.

A row that a run works on is not changed: every verb raises BusyError, and nothing has happened.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from igny8.core import clock
from igny8.core.editing import lock_for_edit, lock_one_for_edit
from igny8.core.errors import UserError
from igny8.planner.models import ContentIdea
from igny8.planner.unparking import unpark
from igny8.sites.models import Trash
from igny8.sites.trash import Change, move_to_trash
from igny8.writer.composing import word_count
from igny8.writer.models import (
    Content,
    ContentRevision,
    Image,
    ImageVersion,
    Inspection,
    Task,
)
from igny8.writer.pictures import files_of

SENT_BACK, DELETED = "sent_back", "deleted"
ARTICLE_DELETED = "Its article was moved to Trash; Retry writes it again"
TASK_DELETED = "Its task was moved to Trash; Retry plans it again"
WITH_READERS = {
    Content.Status.SCHEDULED: "is scheduled; take it off the schedule first",
    Content.Status.PUBLISHED: "is published; take it off the site first",
}
VERSIONED = {"title", "body"}
Status = Content.Status


def edit_content(
    content: Content,
    *,
    by: str,
    title: str | None = None,
    slug: str | None = None,
    body: str | None = None,
    meta_title: str | None = None,
    meta_description: str | None = None,
    excerpt: str | None = None,
) -> None:
    """Changes what is given; new words are a new version, and a rejected article is reviewed anew.

    Raises UserError that names the first value that cannot stand.
    """
    given = {
        "title": title,
        "slug": slug,
        "body": body,
        "meta_title": meta_title,
        "meta_description": meta_description,
        "excerpt": excerpt,
    }
    with transaction.atomic():
        _lock(content)
        _rewrite(content, {n: value for n, value in given.items() if value is not None}, by)


def approve_content(content: Content) -> None:
    """From `review` to `approved`; what it was sent back for once is settled."""
    with transaction.atomic():
        _lock(content)
        _require_review(content, "approved")
        _decide(content, Status.APPROVED, _other_findings(content))


def reopen_content(content: Content) -> None:
    """From `approved` to `review` again: an approval that somebody takes back."""
    with transaction.atomic():
        _lock(content)
        if content.status != Status.APPROVED:
            raise UserError(
                f"“{content.title}” is {content.status}; there is nothing to take back."
            )
        _decide(content, Status.REVIEW, content.findings)


def send_back(content: Content, note: str, *, by: str) -> None:
    """From `review` to `rejected`; the note is its finding until it is approved."""
    if not note.strip():
        raise UserError("Say what should become different.")
    with transaction.atomic():
        _lock(content)
        _require_review(content, "sent back")
        finding = {"code": SENT_BACK, "message": note.strip(), "by": by}
        _decide(content, Status.REJECTED, [*_other_findings(content), finding])


def delete_content(content: Content, *, by: str) -> Trash:
    """The article with its images, versions and task goes to Trash.

    Its idea turns `new` and is parked: no run writes it again before somebody says Retry.
    """
    with transaction.atomic():
        _lock(content)
        if with_readers := WITH_READERS.get(Status(content.status)):
            raise UserError(f"“{content.title}” {with_readers}.")
        images = Image.objects.filter(content=content).order_by("slot")
        lock_for_edit(images)
        versions = ImageVersion.objects.filter(image__in=images)
        Inspection.objects.filter(content=content).delete()
        Content.objects.filter(pk=content.pk).update(inspected_at=None)
        return _remove(
            content.task,
            kind="content",
            title=content.title,
            by=by,
            below=[
                Content.objects.filter(pk=content.pk),
                ContentRevision.objects.filter(content=content).order_by("number"),
                images,
                versions.order_by("image", "number"),
            ],
            files=_files(images, versions),
            reason=ARTICLE_DELETED,
        )


def delete_task(task: Task, *, by: str) -> Trash:
    """A task that is not written yet goes to Trash; its idea is parked like a deleted article's."""
    with transaction.atomic():
        lock_one_for_edit(Task.objects.filter(pk=task.pk))
        if Content.objects.filter(task=task).exists():
            raise UserError(f"“{task.title}” is written already; move its article to Trash.")
        return _remove(
            task,
            kind="task",
            title=task.title,
            by=by,
            below=[],
            files=[],
            reason=TASK_DELETED,
        )


def _files(*rows: "QuerySet[Image] | QuerySet[ImageVersion]") -> list[str]:
    pictures = (one for each in rows for one in each.values_list("file", "widths"))
    return [name for file, widths in pictures for name in files_of(file, widths)]


def _lock(content: Content) -> None:
    """From here on the article is as the database has it, and only ours to change."""
    lock_one_for_edit(Content.objects.filter(pk=content.pk))
    content.refresh_from_db()


def _rewrite(content: Content, values: Mapping[str, str], by: str) -> None:
    changed = {n: value for n, value in values.items() if getattr(content, n) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(content, name, value)
    _check(content, changed)
    content.word_count = word_count(content.body)
    if content.status == Status.REJECTED:
        content.status = Status.REVIEW
    content.inspected_at = None
    content.save(update_fields=(*changed, "word_count", "status", "inspected_at", "updated_at"))
    unpark(Content.objects.filter(pk=content.pk), content.site_id)
    if VERSIONED & changed.keys():
        _keep_version(content, by)


def _check(content: Content, values: Mapping[str, str]) -> None:
    untouched = {field.name for field in content._meta.concrete_fields} - set(values)
    try:
        content.clean_fields(exclude=untouched)
    except ValidationError as invalid:
        name, messages = next(iter(invalid.message_dict.items()))
        raise UserError(f"{name.replace('_', ' ').capitalize()}: {' '.join(messages)}") from invalid
    others = Content.objects.filter(site=content.site_id, slug=content.slug)
    if others.exclude(pk=content.pk).exists():
        raise UserError(f"Another article of this site has the address “{content.slug}” already.")


def _keep_version(content: Content, by: str) -> None:
    last = content.revisions.aggregate(last=Max("number"))["last"]
    ContentRevision.objects.create(
        content=content,
        number=(last or 0) + 1,
        title=content.title,
        body=content.body,
        made_by=by,
        made_at=clock.now(),
    )


def _require_review(content: Content, verb: str) -> None:
    if content.status != Status.REVIEW:
        raise UserError(
            f"“{content.title}” is {content.status}; only an article in review can be {verb}."
        )


def _decide(content: Content, status: Content.Status, findings: list[dict[str, str]]) -> None:
    content.status, content.findings = status, findings
    content.save(update_fields=("status", "findings", "updated_at"))


def _other_findings(content: Content) -> list[dict[str, str]]:
    return [finding for finding in content.findings if finding.get("code") != SENT_BACK]


def _remove(
    task: Task,
    *,
    kind: str,
    title: str,
    by: str,
    below: Sequence[QuerySet[Any]],
    files: Sequence[str],
    reason: str,
) -> Trash:
    """The task with what was made of it; its idea is back where it was before, but parked."""
    idea = ContentIdea.objects.filter(pk=task.idea_id)
    lock_for_edit(idea)
    trash = move_to_trash(
        task.site,
        kind=kind,
        title=title,
        by=by,
        rows=[Task.objects.filter(pk=task.pk), *below],
        changes=[Change(rows=idea, values={"status": ContentIdea.Status.NEW.value})],
        files=files,
    )
    idea.update(parked_at=clock.now(), parked_code=DELETED, parked_reason=reason)
    return trash
