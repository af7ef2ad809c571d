"""Short-lived counts that all web processes share."""

from django.db import models


class Remembered(models.Model):
    """A row of Django's database cache: how often somebody tried to sign in, until when."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "igny8_remembered"
        verbose_name_plural = "remembered"

    def __str__(self) -> str:
        return self.cache_key
