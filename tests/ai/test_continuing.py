import pytest

from igny8.ai.continuing import ended, joined, whole_words

LONG = "A text that is long enough to be known again when it is written anew. " * 10


@pytest.mark.parametrize(
    ("before", "more", "whole"),
    [
        ("The garden is ", "green in May.", "The garden is green in May."),
        ("The garden is ", "  green.", "The garden is green."),
        ("One paragraph.\n\n", "\n\nAnother.", "One paragraph.\n\nAnother."),
        ("One sentence. ", "\n\nAnother.", "One sentence. \n\nAnother."),
        ("- basil\n", "- thyme", "- basil\n- thyme"),
        (
            "Water it well in the morning ",
            "Water it well in the morning and never at noon.",
            "Water it well in the morning and never at noon.",
        ),
        (
            "Roots rot in wet soil. Water it in the morning ",
            "Water it in the morning, not at noon.",
            "Roots rot in wet soil. Water it in the morning, not at noon.",
        ),
        ("", "All of it.", "All of it."),
        ("水をやる。", "それから芽が出る。", "水をやる。それから芽が出る。"),
        (LONG + "It wants ", LONG + "It wants water.", LONG + "It wants water."),
        (LONG + "It wants ", LONG + "It likes water.", LONG + "It likes water."),
        ("It wants ", "```markdown\nwater.\n```", "It wants water."),
        ("It wants ", "```markdown\nwater. And", "It wants water. And"),
        ("It runs ", "```sh\nmake\n```", "It runs ```sh\nmake\n```"),
    ],
)
def test_two_parts_are_one_text(before: str, more: str, whole: str) -> None:
    assert joined(before, more) == whole


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The gard", "The "),
        ("The ", "The "),
        ("word", ""),
        ("a\nb", "a\n"),
        ("水をやる。それか", "水をやる。それか"),
        ("ใช้ basi", "ใช้ "),
    ],
)
def test_half_a_word_is_taken_away(text: str, kept: str) -> None:
    assert whole_words(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It grows. It needs", "It grows."),
        ("It grows “well.” It needs", "It grows “well.”"),
        ("- basil\n\n- thyme and", "- basil"),
        ("no sentence here", "no sentence here"),
        ("水をやる。 それから", "水をやる。"),
        ("水をやる。それから", "水をやる。"),
        ("「水をやる。」それから", "「水をやる。」"),
    ],
)
def test_what_never_ended_ends_with_its_last_sentence(text: str, kept: str) -> None:
    assert ended(text) == kept
