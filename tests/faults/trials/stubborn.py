"""One run, killed over and over, finishes all the same."""

from tests.faults.lab import Facts, Lab
from tests.faults.trials import kills

KILLS, ARTICLES = 120, 200


def run(lab: Lab, count: int) -> Facts:
    wanted = count or KILLS
    undisturbed = kills.prepare(lab, ARTICLES * wanted // KILLS or 1)
    found = kills.one_life(lab, undisturbed, wanted)
    if found["kills"] < wanted:
        lab.violated("the run", [f"was over after {found['kills']} kills"])
    return dict(found)
