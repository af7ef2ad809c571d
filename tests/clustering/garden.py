"""Keywords of a herb garden site: text, monthly searches."""

from __future__ import annotations

from igny8.clustering import Phrase

GARDEN = {
    "how to grow basil": 2400,
    "growing basil indoors": 1900,
    "grow basil indoors": 720,
    "basil plant care": 1300,
    "basil plants care": 90,
    "how often to water basil": 480,
    "how much water does basil need": 390,
    "pruning basil": 880,
    "how to prune basil": 1600,
    "how to harvest basil": 1200,
    "harvesting basil leaves": 260,
    "basil companion plants": 1500,
    "companion plants for basil": 700,
    "how to grow mint": 1800,
    "growing mint in pots": 1100,
    "how to stop mint spreading": 220,
    "mint varieties": 600,
    "types of mint": 1900,
    "best soil for herbs": 700,
    "potting mix for herbs": 320,
    "raised bed herb garden": 1300,
    "indoor herb garden kit": 5400,
    "best indoor herb garden kit": 1900,
    "indoor herb garden kits": 800,
    "hydroponic herb garden": 1600,
    "how to dry herbs": 3600,
    "drying herbs in the oven": 900,
    "oven dried herbs": 120,
    "how to freeze fresh herbs": 1400,
    "freezing herbs": 600,
    "rosemary plant care": 2100,
    "how to propagate rosemary": 1500,
    "rosemary cuttings": 300,
    "thyme vs oregano": 900,
    "difference between thyme and oregano": 400,
    "what herbs grow well together": 1700,
    "herbs that grow well together": 900,
    "parsley from seed": 150,
    "how to grow parsley from seed": 390,
    "when to prune lavender": 3400,
    "lavender pruning": 1300,
    "garden herbs": 500,
    "herbs garden": 200,
}


def garden() -> list[Phrase]:
    return [Phrase(at, text, volume) for at, (text, volume) in enumerate(GARDEN.items(), 1)]
