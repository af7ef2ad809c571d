"""What is to be written, what was written, and its pictures."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from igny8.core.models import ASIDE, SET_ASIDE, OneOfField, Worked, WorkedQuerySet
from igny8.planner.models import ContentIdea
from igny8.sites.models import ContentTaxonomy, Site


class TaskQuerySet(WorkedQuerySet["Task"]):
    def pending(self) -> "TaskQuerySet":
        return self.filter(status=Task.Status.PENDING).select_related("idea")


class Task(Worked):
    """An article to write; completed exactly when its content exists."""

    class Status(models.TextChoices):
        PENDING = "pending"
        COMPLETED = "completed"

    site = models.ForeignKey(Site, models.CASCADE, related_name="tasks")
    idea = models.OneToOneField(ContentIdea, models.PROTECT, related_name="task")
    taxonomy = models.ForeignKey(
        ContentTaxonomy, models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    title = models.CharField(max_length=200)
    status = OneOfField(max_length=20, choices=Status, default=Status.PENDING)
    round = models.PositiveIntegerField(default=0)

    objects = TaskQuerySet.as_manager()

    class Meta:
        db_table = "igny8_tasks"
        indexes = (
            models.Index(fields=("site", "status"), name="tasks_by_status"),
            models.Index(fields=ASIDE, condition=SET_ASIDE, name="tasks_set_aside"),
        )

    def __str__(self) -> str:
        return self.title


class ContentQuerySet(WorkedQuerySet["Content"]):
    def awaiting_image_prompts(self) -> "ContentQuerySet":
        """Drafts, and articles whose prompts were parked on the way to the gate."""
        waiting = (Content.Status.DRAFT, Content.Status.REVIEW)
        return self.filter(status__in=waiting, image_plan_at=None)

    def in_review(self) -> "ContentQuerySet":
        return self.filter(status=Content.Status.REVIEW)


class Content(Worked):
    """An article; Markdown is its source of truth."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        REVIEW = "review"
        APPROVED = "approved"
        REJECTED = "rejected"
        SCHEDULED = "scheduled"
        PUBLISHED = "published"

    site = models.ForeignKey(Site, models.CASCADE, related_name="contents")
    task = models.OneToOneField(Task, models.PROTECT, related_name="content")
    status = OneOfField(max_length=20, choices=Status, default=Status.DRAFT)
    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=100)
    body = models.TextField()
    meta_title = models.CharField(max_length=120, blank=True)
    meta_description = models.CharField(max_length=320, blank=True)
    excerpt = models.TextField(blank=True)
    primary_keyword = models.CharField(max_length=255, blank=True)
    secondary_keywords = models.JSONField(default=list, blank=True)
    tags = models.JSONField(default=list, blank=True)
    faq = models.JSONField(default=list, blank=True)
    claims_to_check = models.JSONField(default=list, blank=True)
    word_count = models.PositiveIntegerField(default=0)
    generated_by = models.CharField(max_length=120, blank=True)
    image_plan_at = models.DateTimeField(null=True, blank=True)
    findings = models.JSONField(default=list, blank=True)
    inspected_at = models.DateTimeField(
        null=True, blank=True, help_text="empty: changed since the checks last looked at it"
    )

    objects = ContentQuerySet.as_manager()

    class Meta:
        db_table = "igny8_content"
        verbose_name_plural = "content"
        constraints = (models.UniqueConstraint(fields=("site", "slug"), name="content_slug_once"),)
        indexes = (
            models.Index(fields=("site", "status"), name="content_by_status"),
            models.Index(fields=ASIDE, condition=SET_ASIDE, name="content_set_aside"),
            models.Index(
                fields=("site", "status"),
                condition=Q(image_plan_at=None),
                name="content_without_plan",
            ),
            models.Index(
                fields=("status",), condition=Q(inspected_at=None), name="content_to_inspect"
            ),
        )

    def __str__(self) -> str:
        return self.title


class ContentRevision(models.Model):
    """One version of an article's text, and who made it."""

    content = models.ForeignKey(Content, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "igny8_content_revisions"
        constraints = (
            models.UniqueConstraint(fields=("content", "number"), name="revision_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Inspection(models.Model):
    """What the checks said of an article when they last looked, and what it had cost by then.

    `sketch` stands for its text when others are compared with it; numbers are None where no check
    applied, `run_ref` names the run that wrote it.
    """

    content = models.OneToOneField(Content, models.CASCADE, related_name="inspection")
    on_page = models.PositiveSmallIntegerField(null=True)
    readability = models.PositiveSmallIntegerField(null=True)
    integrity = models.PositiveSmallIntegerField(null=True)
    findings = models.JSONField(default=list)
    sketch = models.BinaryField()
    text_credits = models.DecimalField(max_digits=14, decimal_places=4, default=Decimal(0))
    image_credits = models.DecimalField(max_digits=14, decimal_places=4, default=Decimal(0))
    has_unknown_price = models.BooleanField(default=False)
    run_ref = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "igny8_inspections"

    def __str__(self) -> str:
        return f"{self.on_page}, {self.readability}, {self.integrity}"


class PictureFile(models.Model):
    """A picture below the media folder and where it came from; `widths` are its smaller sizes."""

    file = models.CharField(max_length=200, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    bytes = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    widths = models.JSONField(default=list, blank=True)
    generated_by = models.CharField(max_length=120, blank=True)
    seed = models.BigIntegerField(null=True, blank=True)
    call_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        abstract = True


class ImageQuerySet(WorkedQuerySet["Image"]):
    def pending(self) -> "ImageQuerySet":
        return self.filter(status=Image.Status.PENDING)


class Image(Worked, PictureFile):
    """A picture of an article, first as a prompt, then as a file.

    While it is `pending` and has a file, that is the old one: shown until the new one is there.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        GENERATED = "generated"

    class Kind(models.TextChoices):
        FEATURED = "featured"
        IN_ARTICLE = "in_article"

    site = models.ForeignKey(Site, models.CASCADE, related_name="images")
    content = models.ForeignKey(Content, models.CASCADE, related_name="images")
    slot = models.PositiveSmallIntegerField()
    kind = OneOfField(max_length=20, choices=Kind)
    status = OneOfField(max_length=20, choices=Status, default=Status.PENDING)
    prompt = models.TextField()
    alt = models.CharField(max_length=200)
    caption = models.CharField(max_length=200, blank=True)
    anchor = models.CharField(max_length=200, blank=True)
    round = models.PositiveIntegerField(default=0)

    objects = ImageQuerySet.as_manager()

    class Meta:
        db_table = "igny8_images"
        constraints = (
            models.UniqueConstraint(fields=("content", "slot"), name="image_slot_once"),
            models.CheckConstraint(
                condition=Q(status="pending") | ~Q(file=""), name="image_generated_has_file"
            ),
        )
        indexes = (
            models.Index(fields=("site", "status", "content"), name="images_by_status"),
            models.Index(fields=ASIDE, condition=SET_ASIDE, name="images_set_aside"),
        )

    def __str__(self) -> str:
        return self.alt


class ImageVersion(PictureFile):
    """A picture that an image had, and the words it was made from; numbered from the oldest."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    prompt = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "igny8_image_versions"
        constraints = (
            models.UniqueConstraint(fields=("image", "number"), name="image_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.image} v{self.number}"
