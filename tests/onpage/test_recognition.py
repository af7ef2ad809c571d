"""Telling languages apart: what costs a repetition must be beyond doubt."""

import pytest

from igny8.onpage import why_foreign

ENGLISH = (
    "A window that gets light for half of the day is all that basil asks for. Turn the pot once a "
    "week, and water it when the top of the soil is dry, not before. If the leaves turn pale, move "
    "it closer to the glass, and it will come back within a few days."
)
GERMAN = (
    "Ein Fenster, das die Hälfte des Tages Licht bekommt, ist alles, was Basilikum braucht. Dreh "
    "den Topf einmal in der Woche, und gieß ihn, wenn die Erde oben trocken ist, nicht vorher. "
    "Wenn die Blätter blass werden, stell ihn näher an das Glas, und er wird sich erholen."
)
SPANISH = (
    "Una ventana que recibe luz durante la mitad del día es todo lo que pide la albahaca. Gira la "
    "maceta una vez por semana y riégala cuando la tierra esté seca, no antes. Si las hojas se "
    "ponen pálidas, acércala al cristal y se recuperará en unos días, como siempre."
)
PORTUGUESE = (
    "Uma janela que recebe luz durante metade do dia é tudo o que o manjericão pede. Vire o vaso "
    "uma vez por semana e regue quando a terra estiver seca, não antes. Se as folhas ficarem "
    "pálidas, aproxime-o do vidro, e ele se recupera em poucos dias, como sempre."
)
RUSSIAN = (
    "Окно, в которое полдня светит солнце, это всё, что нужно базилику. Поворачивайте горшок раз в "
    "неделю и поливайте его, когда земля сверху высохла, не раньше. Если листья бледнеют, "
    "поставьте его ближе к стеклу, и он оправится за несколько дней."
)
JAPANESE = (
    "バジルに必要なのは、半日ほど光が当たる窓だけです。"
    "週に一度鉢を回し、土の表面が乾いたら水をやります。"
)
DANISH = (
    "Et vindue, der får lys halvdelen af dagen, er alt, hvad basilikum har brug for. Drej potten "
    "en gang om ugen, og vand den, når jorden er tør, ikke før. Hvis bladene bliver blege, så flyt "
    "den nærmere glasset, og den kommer sig på få dage."
)
TEXTS = {
    "en": ENGLISH, "de": GERMAN, "es": SPANISH, "pt": PORTUGUESE, "ru": RUSSIAN, "ja": JAPANESE,
}  # fmt: skip
TABLE = """
| Model | Burr | Grind settings | Weight |
| --- | --- | --- | --- |
| Comandante C40 | conical | 36 | 750 g |
| Baratza Encore ESP | conical | 40 | 3.2 kg |
| Eureka Mignon Specialità | flat | stepless | 5.6 kg |
| De'Longhi Dedica KG521 | conical | 18 | 2.1 kg |
| La Pavoni Cilindro | flat | stepless | 4.9 kg |
| Fellow Ode Gen 2 | flat | 31 | 4.5 kg |
"""
NAMES = (
    "- Café de Flore, Paris\n- Les Deux Magots, Paris\n- Caffè Florian, Venezia\n"
    "- Café Central, Wien\n- Café A Brasileira, Lisboa\n- El Gato Negro, Buenos Aires\n"
    "- Café de la Paix, Paris\n- Caffè Gilli, Firenze\n- Café Tortoni, Buenos Aires\n"
)


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_in_its_own_language_is_never_sent_back(language: str) -> None:
    assert why_foreign(TEXTS[language], language) == ""


@pytest.mark.parametrize(
    ("written", "wanted"),
    [("de", "en"), ("en", "de"), ("en", "es"), ("es", "en"), ("de", "fr"), ("es", "pt"),
     ("ru", "uk"), ("en", "ja"), ("ja", "en"), ("ru", "en"), ("en", "ru"), ("en-GB", "de-AT")],
)  # fmt: skip
def test_a_text_in_another_language_is_recognised(written: str, wanted: str) -> None:
    assert why_foreign(TEXTS[written[:2]], wanted) != ""


@pytest.mark.parametrize(
    "text", [TABLE, NAMES, "Basil. Mint. Dill.", "", "```\n" + GERMAN + "\n```"]
)
def test_tables_names_code_and_short_texts_are_given_the_benefit_of_the_doubt(text: str) -> None:
    assert why_foreign(text, "en") == ""


def test_close_relatives_are_left_to_the_person_who_reviews() -> None:
    assert why_foreign(DANISH, "nb") == ""


def test_a_language_nobody_here_knows_is_not_judged() -> None:
    assert why_foreign(ENGLISH, "sw") == ""


def test_a_quotation_is_no_other_language() -> None:
    assert why_foreign(f"{ENGLISH}\n\n> {GERMAN[:120]}\n\n{ENGLISH}", "en") == ""
