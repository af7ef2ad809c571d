"""The checks, in the order in which people read them."""

from igny8.onpage.checks import integrity, keyphrase, readability, snippet, structure
from igny8.onpage.verdict import Check, Score

ON_PAGE, READABILITY, INTEGRITY = Score.ON_PAGE, Score.READABILITY, Score.INTEGRITY

CHECKS = (
    Check(
        "keyphrase_in_introduction",
        "Keyphrase in the first paragraph",
        ON_PAGE,
        keyphrase.introduction,
    ),
    Check("keyphrase_length", "Length of the keyphrase", ON_PAGE, keyphrase.length),
    Check("keyphrase_density", "Density of the keyphrase", ON_PAGE, keyphrase.density),
    Check(
        "keyphrase_in_description",
        "Keyphrase in the meta description",
        ON_PAGE,
        keyphrase.description,
    ),
    Check(
        "description_length", "Length of the meta description", ON_PAGE, snippet.description_length
    ),
    Check("keyphrase_in_subheadings", "Keyphrase in subheadings", ON_PAGE, keyphrase.subheadings),
    Check("keyphrase_in_title", "Keyphrase in the SEO title", ON_PAGE, snippet.title_keyphrase),
    Check("title_width", "Width of the SEO title", ON_PAGE, snippet.title_width),
    Check("keyphrase_in_slug", "Keyphrase in the address", ON_PAGE, snippet.slug_keyphrase),
    Check("slug_form", "Form of the address", ON_PAGE, snippet.slug_form),
    Check("text_length", "Length of the text", ON_PAGE, structure.text_length),
    Check("images", "Images", ON_PAGE, structure.images),
    Check("alt_texts", "Alt texts", ON_PAGE, structure.alt_texts),
    Check("outbound_links", "Links to other sites", ON_PAGE, structure.outbound_links),
    Check("internal_links", "Links within the site", ON_PAGE, structure.internal_links),
    Check("competing_links", "Competing links", ON_PAGE, structure.competing_links),
    Check("single_title", "One heading of level 1", ON_PAGE, structure.single_title),
    Check("heading_order", "Order of headings", ON_PAGE, structure.heading_order),
    Check(
        "subheading_distribution",
        "Distribution of subheadings",
        READABILITY,
        readability.subheading_distribution,
    ),
    Check("paragraph_length", "Length of paragraphs", READABILITY, readability.paragraph_length),
    Check("sentence_length", "Length of sentences", READABILITY, readability.sentence_length),
    Check("passive_voice", "Passive voice", READABILITY, readability.passive_voice),
    Check("transition_words", "Transition words", READABILITY, readability.transition_words),
    Check("sentence_starts", "Starts of sentences", READABILITY, readability.sentence_starts),
    Check("keyphrase_used_before", "Keyphrase used before", ON_PAGE, keyphrase.used_before),
    Check("repetition", "Repetition", INTEGRITY, integrity.repetition),
    Check("near_duplicate", "Likeness to other articles", INTEGRITY, integrity.near_duplicate),
    Check("language", "Language", INTEGRITY, integrity.language),
    Check("leakage", "Left behind by a model", INTEGRITY, integrity.leakage),
    Check("unsupported_claims", "Claims without a source", INTEGRITY, integrity.unsupported_claims),
    Check("markup", "Markup", INTEGRITY, integrity.markup),
)
