"""How long an item of a stage takes, learnt from finished stages."""

from django.db import models

from igny8.core.models import TimeStamped


class Pace(TimeStamped):
    """Weighted recent mean of seconds an item, waits left out."""

    site_id = models.BigIntegerField(default=0, help_text="0: over all sites")
    stage = models.PositiveSmallIntegerField()
    model = models.CharField(max_length=120)
    seconds = models.FloatField()
    items = models.PositiveIntegerField()

    class Meta:
        db_table = "igny8_paces"
        constraints = (
            models.UniqueConstraint(fields=("site_id", "stage", "model"), name="pace_once"),
        )

    def __str__(self) -> str:
        return f"stage {self.stage}: {self.seconds:.2f} s"
