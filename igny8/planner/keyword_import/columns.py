"""Arrivals and statements as the columns of their tables; unknown is NULL, or empty text."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from igny8.core import clock
from igny8.planner.keyword_import.deciding import Changes
from igny8.planner.keyword_import.figures import Figures
from igny8.planner.keyword_import.known import SHOWN
from igny8.planner.models import Keyword
from igny8.sites.models import Site

KEYWORD = ("line", "keyword", "normalised", *SHOWN)
METRIC = ("normalised", "dated", "figures")
# What every keyword of an import has in common.
SAME_FOR_ALL = (
    "site_id", "created_at", "updated_at", "status", "role", "parked_code", "parked_reason",
)  # fmt: skip
EMPTY: Figures = {
    **dict.fromkeys(SHOWN),
    "volume_is_estimate": False,
    "currency": "",
    "country": "",
    "intents": [],
}

