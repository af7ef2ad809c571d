"""One article that passes every check, and for each check one that does not."""

from dataclasses import replace

from igny8.onpage import Article, Picture, Sibling, sketch_of

BODY = """\
A moka pot cleaning takes ten minutes, and then the coffee tastes fresh again. This guide goes
through it step by step, because old oil and lime hide in places that nobody looks at.

## Why moka pot cleaning matters

Coffee leaves a thin film of oil on the metal. After some weeks the film turns rancid, so every
new cup tastes a little of the old ones. Hard water adds a second layer, since lime stays behind
when water turns to steam. You notice both first in the smell. Later the pot gurgles early, and
the cup is flat.

The [guide to grinders](/guides/grinders) covers the other half of a good cup. However, no
grinder can save coffee from a dirty pot.

## What you need

- Food-grade citric acid, one teaspoon
- Cold water and a soft cloth
- A small brush for the filter

Skip steel wool, because it scratches the aluminium. Scratches then hold the oil even better
than before.

## Moka pot cleaning in four steps

First, let the pot cool and take it apart. Rinse the three parts with warm water. Next, stir the
acid into the boiler, fill it up to the valve, and put the pot together without coffee. Bring it
to a gentle boil, then switch the heat off.

Wait a quarter of an hour while the acid works. Afterwards pour everything away and rinse twice.
Finally, wipe the gasket and let all parts dry in the air, because a closed wet pot smells
within a day.

## How often to repeat it

Rinse after each brew, but keep soap away from the aluminium. With soft water, the acid can wait
for three months. In hard water areas, do it every month instead. The maker says the same in its
[care notes](https://www.example.org/care), so you lose no guarantee.

If the pot still smells, look at the gasket. Rubber ages, and it soaks up oil. A new one fits in
a minute and costs little. Therefore many people change it once a year. Also look at the safety
valve: it should move when you press it, or else the pot needs a repair.

## When a new pot is the better choice

Some damage goes deeper than lime. A boiler with dark pits keeps its taste, whatever you do. In
that case, save the filter for later and buy a new pot. Otherwise a clean pot lasts for decades.
"""
ELSEWHERE = """\
Cold brew asks for patience instead of heat. Grind the beans as coarse as sea salt, pour water
over them, and leave the jar in the fridge overnight. In the morning a paper filter takes out
the fine dust. What remains keeps for a week, tastes sweet, and mixes well with milk, tonic or
plain ice on a hot afternoon.
"""
GOOD = Article(
    title="Moka Pot Cleaning: Fresh Coffee in Four Steps",
    slug="moka-pot-cleaning",
    body=BODY,
    meta_title="Moka Pot Cleaning: Fresh Coffee in Four Steps",
    meta_description=(
        "Moka pot cleaning in ten minutes: what you need, four steps with citric acid, and how "
        "often to repeat them for coffee that tastes fresh."
    ),
    primary_keyword="moka pot cleaning",
    images=(
        Picture("Moka pot cleaning with a small brush over a sink"),
        Picture("Three parts of a pot on a cloth"),
    ),
    target_words=400,
    site_links=("https://coffee.example/guides/grinders", "https://coffee.example/"),
    siblings=(Sibling(title="Cold Brew", keyphrase="cold brew", sketch=sketch_of(ELSEWHERE)),),
)
LONG_SENTENCE = (
    "It is a long walk that goes on and on through fields and woods and villages until the evening "
    "comes and the lights go out in every house of the valley. "
)
PASSIVE = (
    "The pot was cleaned by a friend. The filter is washed each day. The boiler gets scrubbed. "
)
SHORT = "Take the pot. Rinse it well. Dry it now. Put it away. Drink some tea. Sleep a bit. "


def with_body(body: str) -> Article:
    return replace(GOOD, body=body)


def with_more(text: str) -> Article:
    return replace(GOOD, body=f"{BODY}\n{text}\n")


BAD = {
    "keyphrase_in_introduction": with_body("A clean start.\n\n" + BODY),
    "keyphrase_length": replace(GOOD, primary_keyword=""),
    "keyphrase_density": with_more("Moka pot cleaning. " * 20),
    "keyphrase_in_description": replace(GOOD, meta_description="How coffee gets fresh again."),
    "description_length": replace(GOOD, meta_description="Moka pot cleaning."),
    "keyphrase_in_subheadings": with_body(BODY.replace("oka pot cleaning", "etal care")),
    "keyphrase_in_title": replace(GOOD, meta_title="Fresh Coffee in Four Steps"),
    "title_width": replace(GOOD, meta_title="Moka Pot Cleaning, " + "WWWW " * 12),
    "keyphrase_in_slug": replace(GOOD, slug="fresh-coffee"),
    "slug_form": replace(GOOD, slug="Moka_Pot--Cleaning"),
    "text_length": with_body("Moka pot cleaning takes ten minutes."),
    "images": replace(GOOD, images=(Picture("Moka pot cleaning"), Picture("A pot", False))),
    "alt_texts": replace(GOOD, images=(Picture("Moka pot cleaning"), Picture(""))),
    "outbound_links": with_body(BODY.replace("https://www.example.org/care", "/guides/grinders")),
    "internal_links": with_body(BODY.replace("/guides/grinders", "/guides/gone")),
    "competing_links": with_more("See [moka pot cleaning](https://example.org/)."),
    "single_title": with_body("# Moka pot cleaning\n\n" + BODY),
    "heading_order": with_more("#### Too deep"),
    "subheading_distribution": with_more(f"## All of it\n\n{SHORT * 25}"),
    "paragraph_length": with_more(SHORT * 12),
    "sentence_length": with_more(LONG_SENTENCE * 20),
    "passive_voice": with_more(PASSIVE * 5),
    "transition_words": with_more(SHORT * 20),
    "sentence_starts": with_more("Pots are old. Pots are heavy. Pots are made to last."),
    "keyphrase_used_before": replace(
        GOOD, siblings=(Sibling(title="Moka Care", keyphrase="Moka pot  cleaning"),)
    ),
    "repetition": with_more(SHORT * 20),
    "near_duplicate": replace(GOOD, siblings=(Sibling(title="Twin", sketch=sketch_of(BODY)),)),
    "language": replace(GOOD, language="de"),
    "leakage": with_more("As an AI language model, I drink no coffee. [insert source]"),
    "unsupported_claims": with_more("Studies show that 80 % of all pots are dirty."),
    "markup": with_more("This is <b>bold</b> and [unsafe](javascript:alert(1))."),
}
