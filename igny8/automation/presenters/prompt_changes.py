"""What changed between two texts of a prompt, line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 2


@dataclass(frozen=True, kw_only=True)
class ChangedLine:
    """`manner` is `add`, `rem`, empty for an equal line, `gap` where equal ones are left out."""

    manner: str
    number: int
    text: str


def changes(before: str, after: str) -> Iterator[ChangedLine]:
    """Nothing when both read the same."""
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    shown = 0
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][3] > shown:
            yield _left_out(group[0][3] - shown)
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from _lines("", new, j1, j2)
            else:
                yield from _lines("rem", old, i1, i2)
                yield from _lines("add", new, j1, j2)
        shown = group[-1][4]
    if 0 < shown < len(new):
        yield _left_out(len(new) - shown)


def counts(lines: Sequence[ChangedLine]) -> tuple[int, int]:
    """How many lines came and how many went."""
    manners = [line.manner for line in lines]
    return manners.count("add"), manners.count("rem")


def _lines(manner: str, texts: Sequence[str], start: int, end: int) -> Iterator[ChangedLine]:
    for number in range(start, end):
        yield ChangedLine(manner=manner, number=number + 1, text=texts[number])


def _left_out(lines: int) -> ChangedLine:
    text = "1 equal line" if lines == 1 else f"{lines} equal lines"
    return ChangedLine(manner="gap", number=0, text=text)
