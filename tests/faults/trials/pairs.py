"""Two processes die, one after the other, at points drawn by the seed."""

from tests.faults.lab import Facts, Fuse, Lab
from tests.faults.stories import STORIES
from tests.faults.trials.points import die_at, told_undisturbed

PAIRS = 12
PIPELINE = STORIES[0]


def run(lab: Lab, count: int) -> Facts:
    """The second process may be done before it comes to its point."""
    undisturbed, hits = told_undisturbed(lab, PIPELINE)

    def drawn() -> Fuse:
        name = lab.chance.choice(sorted(hits))
        return name, lab.chance.randint(1, hits[name])

    pairs = count or PAIRS
    kills = sum(die_at(lab, PIPELINE, undisturbed, drawn(), drawn()) for _ in range(pairs))
    return {"pairs": pairs, "kills": kills}
