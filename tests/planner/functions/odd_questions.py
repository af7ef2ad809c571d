"""Questions as the offline provider may meet them, ordinary and odd."""

import random

from igny8.planner.functions.generate_ideas import IdeasQuestion, Page, PageKeyword

ODD = (
    "🌿 herbs 🌿",
    "best " + "very " * 22 + "pots",
    'the "real" basil',
    "базилик на подоконнике",
    "室内香草花园",
    "<b>bold</b> herbs",
    "{{ question }} {% raw %}",
    "a|b|c | table",
    "*stars* _under_ [link](http://x) # no",
    "\u202ereversed\u200b \x07bell",
    "-",
    "<>",
    "HOW TO GROW BASIL",
    "what",
    "vs",
)
PLAIN = (
    "indoor herb garden",
    "how to grow basil",
    "why is my basil dying",
    "mint vs peppermint",
    "best herbs for shade",
    "grow lights",
    "aerogarden reviews",
    "herb garden ideas",
    "how often to water mint",
    "buy herb seeds",
)
INTENTS = ("informational", "commercial", "transactional", "navigational", None, "other")


def odd_question(number: int) -> IdeasQuestion:
    """A question of its own for each number, always the same."""
    chance = random.Random(number)
    pages = tuple(_page(place, chance) for place in range(chance.randint(1, 6)))
    return IdeasQuestion(
        site="demo",
        language=chance.choice(("en", "en-GB", "de", "ru")),
        audience=chance.choice(("", "Home cooks", "x" * 300)),
        cluster=chance.choice(PLAIN),
        intent="informational",
        pages=pages,
        taken_titles=tuple(chance.sample(PLAIN, 3)),
        count=chance.randint(1, len(pages)),
    )


def _page(place: int, chance: random.Random) -> Page:
    texts = [chance.choice(chance.choice((ODD, PLAIN))) for _ in range(chance.randint(1, 20))]
    return Page(
        id=f"p{place}",
        keywords=tuple(
            PageKeyword(
                id=f"k{place}-{number}",
                text=text,
                volume=chance.choice((None, 0, 10, 9900)),
                intent=chance.choice(INTENTS),
            )
            for number, text in enumerate(texts)
        ),
    )
