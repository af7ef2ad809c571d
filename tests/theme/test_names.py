"""Names as pages show them."""

import pytest

from igny8.theme.templatetags.theme import maker


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("sample:sample", "built-in sample"),
        ("openai_compatible:gpt-4o-mini", "gpt-4o-mini"),
        ("ollama:llama3:8b", "llama3:8b"),
        ("", ""),
    ],
)
def test_who_made_something_is_called_by_name(label: str, shown: str) -> None:
    assert maker(label) == shown
