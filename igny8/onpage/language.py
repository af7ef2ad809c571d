"""What is known of languages: the words that hold a text together, and the script it is in."""

from collections.abc import Mapping

_WORDS = {
    "en": """
        a an the and or but of in on at by for from into to with without as than then if so how
        what why when where which who is are was were be been do does did can could should would
        will may i my me we our you your it its he she they them their this that these those there
        not no have has had about
    """,
    "de": """
        der die das ein eine einen einem einer den dem des und oder aber mit ohne für von vom im
        in zu zum zur auf bei an aus nach über wie was warum wann wo wer welche ist sind war
        werden wird kann können es sie er wir ich nicht auch sich als dass wenn man noch nur
    """,
    "fr": """
        le la les un une des du de au aux et ou mais dans sur pour sans avec par comment quoi
        pourquoi quand où qui que quel quelle est sont il elle on nous vous ils ce cette ces son
        sa ses ne pas plus en se
    """,
    "es": """
        el la los las un una unos unas de del y o pero en con sin para por que qué cómo como
        cuándo dónde cuál quién es son está su sus se lo le no más este esta al si ya muy
    """,
    "it": """
        il lo la gli le un uno una di da del dei delle della dello al alla e o ma con senza per
        come cosa perché quando dove quale chi è sono non che si in nel nella su più anche
    """,
    "nl": """
        de het een van voor met zonder op te in en of maar hoe wat waarom wanneer waar wie welke
        is zijn niet dat die dit je u ze er aan om bij ook als naar uit kan
    """,
    "pt": """
        o a os as um uma do da dos das de em no na nos nas com sem para por que e ou mas como
        quando onde quem qual é são não se mais ao à seu sua este esta também
    """,
    "pl": """
        i w we na z ze do się nie to jest są jak co że o od po za przez dla oraz lub ale czy gdy
        który która które jego jej ich ten ta te tak już tylko może
    """,
    "sv": """
        en ett och eller men i på av för från till med utan om hur vad varför när var vem som är
        var det den de du vi man inte att kan ska har sig också vid
    """,
    "da": """
        en et og eller men i på af for fra til med uden om hvordan hvad hvorfor hvornår hvor hvem
        som er var det den de du vi man ikke at kan skal har sig også ved
    """,
    "nb": """
        en et og eller men i på av for fra til med uten om hvordan hva hvorfor når hvor hvem som
        er var det den de du vi man ikke å kan skal har seg også ved
    """,
    "fi": """
        ja tai mutta on ovat ei se ne että kun jos niin kuin myös vain joka mikä miten miksi missä
        milloin voi hän me te he sen sitä tämä ole
    """,
    "cs": """
        a i v ve na z ze do se si ne není je jsou jak co že o od po za pro nebo ale když který
        která které jeho její ten ta to tak už jen může být
    """,
    "ro": """
        și sau dar în la de din pe cu fără pentru că care ce cum când unde cine este sunt nu se un
        o al ai ale lui mai sau prin fi
    """,
    "tr": """
        ve veya ama bir bu şu o da de ile için gibi ne nasıl neden nerede kim daha çok değil var
        olan olarak kadar sonra en her mi
    """,
    "hu": """
        a az és vagy de egy hogy nem is van ez azt ezt meg csak ha mint hogyan mi miért mikor hol
        ki már még lehet el fel
    """,
    "ru": """
        и в во на с со из к по за от до не что как это он она они мы вы я или но для если так то
        же бы быть был есть его их при у о
    """,
    "uk": """
        і й в у на з із до по за від не що як це він вона вони ми ви я або але для якщо так то же
        би бути був є його їх при о та
    """,
}
FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _WORDS.items()
}

NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "nl": "Dutch", "pt": "Portuguese", "pl": "Polish", "sv": "Swedish", "da": "Danish",
    "nb": "Norwegian", "fi": "Finnish", "cs": "Czech", "ro": "Romanian", "tr": "Turkish",
    "hu": "Hungarian", "ru": "Russian", "uk": "Ukrainian", "el": "Greek", "ar": "Arabic",
    "fa": "Persian", "he": "Hebrew", "hi": "Hindi", "th": "Thai", "zh": "Chinese",
    "ja": "Japanese", "ko": "Korean", "bg": "Bulgarian", "sr": "Serbian", "ur": "Urdu",
}  # fmt: skip

LATIN = "a-zA-ZªºÀ-ÖØ-öø-ɏḀ-ỿ"
CYRILLIC, GREEK = "Ѐ-ԯ", "Ͱ-Ͽἀ-῿"
ARABIC, HEBREW = "؀-ۿݐ-ݿﭐ-﷿ﹰ-ﻼ", "֐-׿"
HAN, KANA, HANGUL = "㐀-䶿一-鿿", "぀-ヿ", "가-힯ᄀ-ᇿ"
_SCRIPTS = {
    **dict.fromkeys(("ru", "uk", "bg", "be", "mk", "kk", "ky", "mn"), CYRILLIC),
    **dict.fromkeys(("ar", "fa", "ur", "ps"), ARABIC),
    "sr": CYRILLIC + LATIN,
    "el": GREEK,
    **dict.fromkeys(("he", "yi"), HEBREW),
    **dict.fromkeys(("hi", "mr", "ne"), "ऀ-ॿ"),
    "bn": "ঀ-৿",
    "ta": "஀-௿",
    "te": "ఀ-౿",
    "th": "฀-๿",
    "ka": "Ⴀ-ჿ",
    "hy": "԰-֏",
    "zh": HAN,
    "ja": HAN + KANA,
    "ko": HANGUL,
}  # fmt: skip


def script_of(language: str) -> str:
    """The letters of its script, as ranges of a character class; Latin unless known otherwise."""
    return _SCRIPTS.get(language, LATIN)


def name_of(language: str) -> str:
    return NAMES.get(language, f"“{language}”")
