"""Facts above an article, as YAML."""

import json

from hypothesis import given
from hypothesis import strategies as st

from igny8.writer.frontmatter import Fact, front_matter


def test_texts_lists_and_pairs_have_their_form() -> None:
    facts: dict[str, Fact] = {
        "title": 'Basil: "easy"',
        "tags": ["a: b", "- c"],
        "none": [],
        "images": [{"file": "a.webp", "alt": "A # b"}],
        "sample": True,
    }
    assert front_matter(facts) == (
        "---\n"
        'title: "Basil: \\"easy\\""\n'
        "tags:\n"
        '  - "a: b"\n'
        '  - "- c"\n'
        "none: []\n"
        "images:\n"
        '  - file: "a.webp"\n'
        '    alt: "A # b"\n'
        "sample: true\n"
        "---\n"
    )


@given(st.text())
def test_any_text_is_one_line_that_reads_back(text: str) -> None:
    line = front_matter({"title": text}).removeprefix("---\n").removesuffix("\n---\n")
    assert len(line.splitlines()) == 1
    assert json.loads(line.removeprefix("title: ")) == text
