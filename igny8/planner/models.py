"""What people search for, grouped into topics, and the articles that could answer it."""

from django.db import models
from django.db.models import Q

from igny8.core.models import ASIDE, SET_ASIDE, OneOfField, TimeStamped, Worked, WorkedQuerySet
from igny8.sites.models import ContentTaxonomy, Site


class Intent(models.TextChoices):
    INFORMATIONAL = "informational"
    COMMERCIAL = "commercial"
    TRANSACTIONAL = "transactional"
    NAVIGATIONAL = "navigational"


class ClusterQuerySet(WorkedQuerySet["Cluster"]):
    def awaiting_ideas(self) -> "ClusterQuerySet":
        return self.filter(status=Cluster.Status.NEW)


class Cluster(Worked):
    """A topic of a site: keywords that belong together."""

    class Status(models.TextChoices):
        NEW = "new"
        MAPPED = "mapped"

    site = models.ForeignKey(Site, models.CASCADE, related_name="clusters")
    name = models.CharField(max_length=120)
    name_folded = models.CharField(max_length=120)
    name_is_provisional = models.BooleanField(default=False)
    status = OneOfField(max_length=20, choices=Status, default=Status.NEW)
    intent = OneOfField(max_length=20, choices=Intent, default=Intent.INFORMATIONAL)
    intent_confidence = models.FloatField(default=0)
    locked = models.BooleanField(default=False, help_text="nothing joins it by itself")
    origin = models.CharField(max_length=60, blank=True, help_text="the run and group it came from")

    objects = ClusterQuerySet.as_manager()

    class Meta:
        db_table = "igny8_clusters"
        constraints = (
            models.UniqueConstraint(fields=("site", "name_folded"), name="cluster_name_once"),
        )
        indexes = (
            models.Index(fields=("site", "status"), name="clusters_by_status"),
            models.Index(fields=ASIDE, condition=SET_ASIDE, name="clusters_set_aside"),
            models.Index(fields=("site", "origin"), name="clusters_by_origin"),
        )

    def __str__(self) -> str:
        return self.name


class ContentIdeaQuerySet(WorkedQuerySet["ContentIdea"]):
    def awaiting_task(self) -> "ContentIdeaQuerySet":
        return self.filter(status=ContentIdea.Status.NEW)


class ContentIdea(Worked):
    """One article that could be written, for one page group of a cluster."""

    class Status(models.TextChoices):
        NEW = "new"
        IN_PROGRESS = "in_progress"
        COMPLETED = "completed"

    site = models.ForeignKey(Site, models.CASCADE, related_name="ideas")
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="ideas")
    taxonomy = models.ForeignKey(
        ContentTaxonomy, models.SET_NULL, null=True, blank=True, related_name="ideas"
    )
    status = OneOfField(max_length=20, choices=Status, default=Status.NEW)
    page = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    angle = models.TextField(blank=True)
    intent = OneOfField(max_length=20, choices=Intent, default=Intent.INFORMATIONAL)
    content_type = models.CharField(max_length=20, default="guide")
    audience = models.CharField(max_length=200, blank=True)
    rationale = models.TextField(blank=True)
    outline = models.JSONField(default=list)
    target_words = models.PositiveIntegerField(default=900)

    objects = ContentIdeaQuerySet.as_manager()

    class Meta:
        db_table = "igny8_content_ideas"
        constraints = (models.UniqueConstraint(fields=("cluster", "page"), name="idea_page_once"),)
        indexes = (
            models.Index(fields=("site", "status"), name="ideas_by_status"),
            models.Index(fields=ASIDE, condition=SET_ASIDE, name="ideas_set_aside"),
            models.Index(fields=("site", "cluster"), name="ideas_by_cluster"),
        )

    def __str__(self) -> str:
        return self.title


class KeywordQuerySet(WorkedQuerySet["Keyword"]):
    def awaiting_cluster(self) -> "KeywordQuerySet":
        return self.filter(status=Keyword.Status.NEW)


class Keyword(Worked):
    """A search phrase of a site, with what the tools know about it; unknown is NULL, never 0."""

    class Status(models.TextChoices):
        NEW = "new"
        MAPPED = "mapped"
        IGNORED = "ignored"

    class Role(models.TextChoices):
        PRIMARY = "primary"
        SECONDARY = "secondary"

    site = models.ForeignKey(Site, models.CASCADE, related_name="keywords")
    keyword = models.CharField(max_length=255)
    normalised = models.CharField(max_length=255)
    status = OneOfField(max_length=20, choices=Status, default=Status.NEW)
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="keywords"
    )
    page = models.PositiveIntegerField(null=True, blank=True)
    similarity = models.FloatField(null=True, blank=True)
    idea = models.ForeignKey(
        ContentIdea, models.SET_NULL, null=True, blank=True, related_name="keywords"
    )
    role = OneOfField(max_length=20, choices=Role, blank=True)
    volume = models.PositiveBigIntegerField(null=True, blank=True)
    volume_min = models.PositiveBigIntegerField(null=True, blank=True)
    volume_max = models.PositiveBigIntegerField(null=True, blank=True)
    volume_is_estimate = models.BooleanField(default=False)
    difficulty = models.FloatField(null=True, blank=True)
    cpc = models.FloatField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    intents = models.JSONField(default=list, blank=True)
    country = models.CharField(max_length=8, blank=True)
    source = models.CharField(max_length=40, blank=True)

    objects = KeywordQuerySet.as_manager()

    class Meta:
        db_table = "igny8_keywords"
        constraints = (
            models.UniqueConstraint(fields=("site", "normalised"), name="keyword_once"),
            models.UniqueConstraint(
                fields=("idea",), condition=Q(role="primary"), name="idea_primary_once"
            ),
            models.CheckConstraint(
                condition=Q(status="mapped", cluster__isnull=False, page__isnull=False)
                | (~Q(status="mapped") & Q(cluster=None, page=None, idea=None)),
                name="keyword_mapped_has_cluster",
            ),
        )
        indexes = (
            models.Index(fields=("site", "status"), name="keywords_by_status"),
            models.Index(fields=ASIDE, condition=SET_ASIDE, name="keywords_set_aside"),
            models.Index(fields=("cluster", "page"), name="keywords_by_page"),
        )

    def __str__(self) -> str:
        return self.keyword


class KeywordMetric(TimeStamped):
    """What one tool said about a keyword on one day."""

    keyword = models.ForeignKey(Keyword, models.CASCADE, related_name="metrics")
    source = models.CharField(max_length=40)
    dated = models.DateField(null=True, blank=True)
    figures = models.JSONField()

    class Meta:
        db_table = "igny8_keyword_metrics"
        constraints = (
            models.UniqueConstraint(fields=("keyword", "source"), name="metric_source_once"),
        )

    def __str__(self) -> str:
        return f"{self.keyword_id} {self.source}"


class GroupingMemory(TimeStamped):
    """What the grouping of a site remembers: its embedder and the frozen mean of its vectors."""

    site = models.OneToOneField(Site, models.CASCADE, related_name="grouping_memory")
    embedder = models.CharField(max_length=200)
    mean = models.BinaryField()

    class Meta:
        db_table = "igny8_grouping_memories"
        verbose_name_plural = "grouping memories"

    def __str__(self) -> str:
        return self.embedder


class TextVector(models.Model):
    """What an endpoint made of a text: half-precision floats, little-endian.

    Endpoints do not answer twice with the same bits; what is stored makes a site's groupings
    repeatable, and no text is paid for twice.
    """

    site = models.ForeignKey(Site, models.CASCADE, related_name="text_vectors")
    embedder = models.CharField(max_length=200)
    digest = models.CharField(max_length=32)
    vector = models.BinaryField()

    class Meta:
        db_table = "igny8_text_vectors"
        constraints = (
            models.UniqueConstraint(fields=("site", "embedder", "digest"), name="text_vector_once"),
        )

    def __str__(self) -> str:
        return f"{self.embedder} {self.digest}"


class EmbedderCalibration(TimeStamped):
    """Where an endpoint's model has its centre and where its topics part; found once a model."""

    embedder = models.CharField(max_length=200, unique=True)
    threshold = models.FloatField()
    centre = models.BinaryField()
    f1 = models.FloatField()

    class Meta:
        db_table = "igny8_embedder_calibrations"

    def __str__(self) -> str:
        return f"{self.embedder} {self.threshold}"


class KeywordImport(TimeStamped):
    """One file of keywords on its way into a site; its row says how far it is.

    A large one is carried by a worker. Each attempt has its own generation, and only that one may
    write: whoever was thought dead and comes back changes nothing.
    """

    class Status(models.TextChoices):
        COLUMNS = "columns", "Waits for its columns to be checked"
        CHECKING = "checking", "Is being checked"
        CHECKED = "checked", "Waits to be imported"
        IMPORTING = "importing", "Is being imported"
        DONE = "done", "Imported"
        FAILED = "failed", "Could not be imported"

    WAITING = (Status.COLUMNS, Status.CHECKED)
    ACTIVE = (Status.CHECKING, Status.IMPORTING)

    site = models.ForeignKey(Site, models.CASCADE, related_name="keyword_imports")
    person = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=160, help_text="of the file, as it was chosen")
    folder = models.CharField(max_length=40, blank=True, help_text="empty once the file is gone")
    size = models.PositiveBigIntegerField(default=0)
    status = OneOfField(max_length=20, choices=Status, default=Status.COLUMNS)
    corrections = models.JSONField(default=dict, blank=True)
    about_rows = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    report = models.JSONField(null=True, blank=True)
    bad_rows = models.JSONField(default=list, blank=True)
    reason = models.TextField(blank=True)
    generation = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001 - nobody is NULL
    crashes = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "igny8_keyword_imports"
        indexes = (models.Index(fields=("site", "-created_at"), name="imports_newest_first"),)

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int:
        """Of the rows that the file seems to have; the last one is only known at its end."""
        return min(99, 100 * self.rows_done // max(1, self.about_rows))
