import pytest

from igny8.core.rows import places, select_rows
from tests.factories import make_site


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", [0, 1, 2])
def test_a_condition_takes_as_many_values_as_there_are_also_none(wanted: int) -> None:
    ids = [make_site().pk for _ in range(3)][:wanted]
    found = select_rows(f"SELECT id FROM igny8_sites WHERE id IN ({places(ids)}) ORDER BY id", ids)
    assert [pk for (pk,) in found] == ids
