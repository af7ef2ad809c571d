"""Puts Lucide icons into the sprite: python -m tools.sprite FOLDER_OF_SVG_FILES NAME ..."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

SPRITE = Path("igny8/theme/static/igny8/icons.svg")
SYMBOL = re.compile(r'<symbol id="i-([a-z0-9-]+)" viewBox="0 0 24 24">(.*?)</symbol>')


def main(folder: str, *names: str) -> None:
    known = SPRITE.read_text(encoding="utf-8") if SPRITE.exists() else ""
    symbols = dict(SYMBOL.findall(known)) | {n: shapes(Path(folder) / f"{n}.svg") for n in names}
    SPRITE.write_text(sprite(sorted(symbols.items())), encoding="utf-8")


def shapes(icon: Path) -> str:
    """What is drawn, without the element around it."""
    found = re.search(r"<svg[^>]*>(.*)</svg>", icon.read_text(encoding="utf-8"), re.DOTALL)
    return " ".join(found.group(1).split()) if found else ""


def sprite(symbols: Iterable[tuple[str, str]]) -> str:
    lines = [f'<symbol id="i-{n}" viewBox="0 0 24 24">{drawn}</symbol>' for n, drawn in symbols]
    head = '<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide 1.62.0, ISC: LICENSE-lucide.txt -->'
    return "\n".join([head, *lines, "</svg>", ""])


if __name__ == "__main__":
    main(*sys.argv[1:])
