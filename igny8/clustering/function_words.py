"""Words that hold a text together and say little about its subject."""

from __future__ import annotations

_BY_LANGUAGE = {
    "en": "a an the and or of in on at by for from into to with without near per as vs versus "
    "how what why when where which who whose whom is are was were be been am do does did "
    "can could should would will may might must have has had i me my we our you your it "
    "its this that these those there here not no if than then so",
    "de": "der die das ein eine einen dem den des und oder mit ohne für von vom im in zu zum "
    "zur auf bei wie was warum wann wo wer welche welcher welches ist sind kann",
    "es": "el la los las un una unos de del y o en con sin para por que qué cómo como cuándo "
    "dónde cuál quién es son",
    "fr": "le les des du au aux et ou dans sur pour sans avec comment quoi pourquoi quand où "
    "qui quel quelle sont",
    "it": "il lo gli uno di da dei delle della e con senza per come cosa perché quando dove "
    "quale chi sono",
    "nl": "het een van voor met zonder op te hoe wat waarom wanneer waar wie welke zijn",
    "pt": "os um uma do da dos das em na com sem onde quem qual são",
}
FUNCTION_WORDS = frozenset(" ".join(_BY_LANGUAGE.values()).split())
