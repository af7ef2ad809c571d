"""The pictures of an article without a model: scenes by the job of each section."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from igny8.planner.plain import plain, same, shortened
from igny8.planner.sample.draw import bank, capital, fill, pick, share, shuffled
from igny8.planner.sample.roles import role_of

BANK = Path(__file__).parent / "bank" / "images.txt"
LONGEST_ALT = 125
LONGEST_CAPTION = 160
LONGEST_SUBJECT = 120
LONGEST_STYLE = 120
USUAL_STYLE = "natural editorial photography"


@dataclass(frozen=True)
class Anchor:
    """A section an image may stand in."""

    id: str
    heading: str


@dataclass(frozen=True)
class Picture:
    """What to draw and how to describe it."""

    prompt: str
    alt: str


def featured_picture(title: str, keyword: str, style: str, seed: str) -> Picture:
    """The picture at the head of the article."""
    phrases = bank(BANK)
    words = {"subject": shortened(plain(keyword) or plain(title), LONGEST_SUBJECT)}
    scene = fill(pick(phrases["featured"], seed, "featured"), words)
    alt = pick(phrases["featured alt"], seed, "alt")
    return Picture(_prompt(scene, style), _fitted(alt, "title", plain(title), LONGEST_ALT))


def section_pictures(
    anchors: Sequence[Anchor], keyword: str, style: str, seed: str
) -> list[Picture]:
    """A picture for each section, no two with the same words."""
    subject = shortened(plain(keyword), LONGEST_SUBJECT)
    alts: list[str] = []
    for anchor in anchors:
        alts.append(_free_alt(anchor, alts, seed))
    roles = [role_of(anchor.heading) for anchor in anchors]
    scenes = [
        share(shuffled(bank(BANK)[f"scene {role}"], seed), roles[:place].count(role), 1)[0]
        for place, role in enumerate(roles)
    ]
    return [
        Picture(_prompt(f"{scene}, for an article on “{subject}”.", style), alt)
        for scene, alt in zip(scenes, alts, strict=True)
    ]


def chosen_anchors(anchors: Sequence[Anchor], count: int) -> list[Anchor]:
    """`count` sections spread evenly, not the first one where there is a choice."""
    later = list(anchors[1:]) if len(anchors) > count else list(anchors)
    return [later[(2 * place + 1) * len(later) // (2 * count)] for place in range(count)]


def caption_of(anchor: Anchor) -> str:
    """The heading in a line of its own."""
    return shortened(capital(plain(anchor.heading)), LONGEST_CAPTION)


def style_of(style: str) -> str:
    """The style that was asked for, or the usual one."""
    return shortened(plain(style) or USUAL_STYLE, LONGEST_STYLE)


def _prompt(scene: str, style: str) -> str:
    return f"{scene} Style: {style_of(style)}. {bank(BANK)['rule'][0]}"


def _free_alt(anchor: Anchor, taken: Sequence[str], seed: str) -> str:
    """Every other text names the job of the section, so that not each repeats the keyword."""
    heading = plain(anchor.heading) or plain(anchor.id)
    if len(taken) % 2:
        part = bank(BANK)[f"part {role_of(anchor.heading)}"][0]
        alt = fill(pick(bank(BANK)["alt without keyword"], seed, len(taken)), {"part": part})
    else:
        alt = _fitted(pick(bank(BANK)["alt"], seed, len(taken)), "heading", heading, LONGEST_ALT)
    if same(alt) not in map(same, taken):
        return alt
    return f"{shortened(alt, LONGEST_ALT - 12)} (picture {len(taken) + 1})"


def _fitted(pattern: str, slot: str, text: str, limit: int) -> str:
    """The pattern with as much of the text as the limit allows."""
    room = limit - len(pattern.replace(f"{{{slot}}}", ""))
    return fill(pattern, {slot: shortened(text, room)})
