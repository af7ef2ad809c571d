"""A whole installation as something that can be copied: archived, restored, moved to PostgreSQL.

Every row goes through the same two functions, so that an archive of either database can be
restored into the other. The job engine's tables are left behind: they carry ids of runs only, and
`reconcile` hands every unfinished run over anew.
"""

from collections.abc import Callable

Step = Callable[[str, int], None]
"""Told what is being done now, and how much of the whole is done, in per cent."""

__all__ = ["Step"]
