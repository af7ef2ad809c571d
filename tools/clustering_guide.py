"""The demo's clusters as docs/guide/clustering.md lists them: `python -m tools.clustering_guide`.

Runs the first stage of the demo in a folder of its own and writes what it made into the guide.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from igny8.planner.models import Cluster, Keyword
    from igny8.sites.models import Site

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "guide" / "clustering.md"
BEGIN = "<!-- made by: python -m tools.clustering_guide -->\n"
END = "<!-- end -->\n"


def main() -> None:
    with TemporaryDirectory(prefix="igny8-guide-") as folder:
        os.environ |= {"IGNY8_DATA": folder, "DATABASE_URL": ""}
        listed = _listed()
    before, _, rest = GUIDE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    GUIDE.write_text(f"{before}{BEGIN}\n{listed}\n{END}{after}", encoding="utf-8")


def demo_clusters(site: "Site") -> str:
    """The clusters of a site, the most searched first, as Markdown."""
    clusters = sorted(site.clusters.all(), key=lambda one: (-_volume(_members(one)), one.name))
    return "\n".join(line for cluster in clusters for line in _lines(cluster))


def _listed() -> str:
    from igny8.cli.demo import import_sample, sample_site
    from igny8.cli.opening import open_database

    open_database()
    from igny8.automation.runs import start_run
    from igny8.cli.working import carry

    site = sample_site()
    import_sample(site)
    carry(start_run(site, stop_after=1))
    return demo_clusters(site)


def _lines(cluster: "Cluster") -> Iterator[str]:
    members = _members(cluster)
    yield f"**{cluster.name}** ({cluster.intent}, {_volume(members):,} searches a month)\n"
    for page in sorted({one.page or 0 for one in members}):
        yield f"{page}. {_told(one for one in members if one.page == page)}"
    yield ""


def _told(members: "Iterator[Keyword]") -> str:
    return ", ".join(f"{one.keyword} {max(0, one.similarity or 0):.2f}" for one in members)


def _members(cluster: "Cluster") -> "list[Keyword]":
    return sorted(cluster.keywords.all(), key=lambda one: (-(one.volume or 0), one.keyword))


def _volume(members: "list[Keyword]") -> int:
    return sum(one.volume or 0 for one in members)


if __name__ == "__main__":
    main()
