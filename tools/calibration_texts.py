"""The texts an embeddings model is calibrated on: `python -m tools.calibration_texts`.

A thousand of the labelled texts the bench measures with, so that a calibration costs little:
every second or third class, large, middle-sized and small ones in turn.
"""

import csv
import io
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETS = ROOT / "bench" / "data" / "clusters"
FILE = ROOT / "igny8" / "clustering" / "calibration.csv"
EVERY = {"banking77_a": 2, "clinc150_a": 3, "hwu64_a": 2}
TEXTS_A_CLASS = (8, 16, 28)


def main() -> None:
    FILE.write_text(calibration_texts(), encoding="utf-8")


def calibration_texts() -> str:
    """The content of the file: set, text and label of each text."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(("set", "text", "label"))
    for name, every in EVERY.items():
        writer.writerows((name, text, label) for text, label in _chosen(name, every))
    return lines.getvalue()


def _chosen(name: str, every: int) -> Iterator[tuple[str, str]]:
    texts_of: dict[str, list[str]] = {}
    with (SETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            texts_of.setdefault(row["label"], []).append(row["text"])
    for label, count in zip(sorted(texts_of)[::every], cycle(TEXTS_A_CLASS), strict=False):
        yield from ((text, label) for text in texts_of[label][:count])


if __name__ == "__main__":
    main()
