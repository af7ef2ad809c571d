from typing import TYPE_CHECKING

import pytest

from igny8.core.errors import UserError
from igny8.jobs.engine import require_time_in_sqlite

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.fixture(autouse=True)
def on_sqlite(settings: "Settings") -> None:
    settings.DATABASE_URL = ""


def test_a_new_python_on_an_old_sqlite_is_refused_with_what_to_do() -> None:
    with pytest.raises(UserError, match=r"needs 3\.42 or newer"):
        require_time_in_sqlite((3, 12), (3, 40, 1))


@pytest.mark.parametrize(
    ("python", "sqlite"), [((3, 11), (3, 40, 1)), ((3, 12), (3, 42, 0)), ((3, 13), (3, 46, 1))]
)
def test_the_others_are_welcome(python: tuple[int, ...], sqlite: tuple[int, ...]) -> None:
    require_time_in_sqlite(python, sqlite)
