from __future__ import annotations

import pytest

from igny8.clustering import Intent, Phrase, group
from igny8.clustering.intent import verdicts_of

TABLE = {
    Intent.NAVIGATIONAL: (
        "gmail login", "hubspot sign in", "nike official website", "sparkasse anmelden",
        "banco santander iniciar sesión", "impots connexion", "poste italiane accedi",
        "ing inloggen", "acme garden tools",
    ),
    Intent.TRANSACTIONAL: (
        "buy herb seeds", "crm pricing", "plumber near me", "basilikum kaufen",
        "zapatillas baratas", "canapé pas cher", "scarpe prezzi", "fiets kopen",
        "comprar tênis", "nike promo code", "hotel in der nähe",
    ),
    Intent.COMMERCIAL: (
        "best crm", "notion alternatives", "thyme vs oregano", "dyson review",
        "difference between crm and erp", "beste kaffeemaschine", "mejores auriculares",
        "aspirateur avis", "migliori cuffie", "airfryer ervaringen", "melhor notebook",
        "top 10 phones",
    ),
    Intent.INFORMATIONAL: (
        "how to grow basil", "what is a crm", "when is the best time to plant basil",
        "invoice template", "wie pflanzt man basilikum", "cómo cuidar la albahaca",
        "comment planter du basilic", "come coltivare il basilico", "hoe plant je basilicum",
        "como plantar manjericão", "how to store basil", "how to top a plant",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "intent"), [(text, intent) for intent, texts in TABLE.items() for text in texts]
)
def test_the_words_of_a_keyword_give_its_intent_away(text: str, intent: Intent) -> None:
    (verdict,) = verdicts_of(text, brands={"ACME"})

    assert verdict.intent is intent
    assert verdict.confidence >= 0.8


def test_a_keyword_that_says_nothing_is_informational_with_little_confidence() -> None:
    (verdict,) = verdicts_of("herb garden")

    assert (verdict.intent, verdict.confidence) == (Intent.INFORMATIONAL, 0.3)


def test_a_brand_is_matched_by_whole_words() -> None:
    (verdict,) = verdicts_of("acmeology basics", brands={"acme"})

    assert verdict.intent is Intent.INFORMATIONAL


@pytest.mark.parametrize("imported", ["Commercial", "commercial", "C", " c "])
def test_an_imported_intent_wins(imported: str) -> None:
    (topic,) = group([Phrase(1, "buy herb seeds", 10, (imported,))]).topics

    assert (topic.intent, topic.confidence) == (Intent.COMMERCIAL, 1.0)


def test_an_imported_word_nobody_knows_is_ignored() -> None:
    (topic,) = group([Phrase(1, "buy herb seeds", 10, ("Branded",))]).topics

    assert topic.intent is Intent.TRANSACTIONAL


def test_several_imported_intents_share_the_weight() -> None:
    phrases = [
        Phrase(1, "herb seeds", 100, ("Informational", "Transactional")),
        Phrase(2, "herb seed", 50, ("Transactional",)),
    ]

    (topic,) = group(phrases).topics

    assert topic.intent is Intent.TRANSACTIONAL
    assert topic.confidence == pytest.approx((101 / 2 + 51) / 152, abs=1e-4)


def test_the_intent_of_a_topic_follows_the_searches_not_the_keywords() -> None:
    phrases = [
        Phrase(1, "indoor herb garden kit price", 5000),
        Phrase(2, "what is an indoor herb garden kit", 10),
        Phrase(3, "how to use an indoor herb garden kit", 10),
    ]

    (topic,) = group(phrases).topics

    assert topic.intent is Intent.TRANSACTIONAL
