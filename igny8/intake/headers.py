"""The words tools put over their columns, and what each means to us."""

import re
import unicodedata

from igny8.intake.numbers import CURRENCY_CODES, CURRENCY_SIGNS

# Only Search Console writes these; the looser words also stand over other tools' keywords.
SEARCH_CONSOLE_QUERIES = (
    "top queries", "häufigste suchanfragen", "requêtes les plus fréquentes",
    "consultas principales", "query principali", "populairste zoekopdrachten",
    "najpopularniejsze zapytania", "en popüler sorgular", "nejčastější dotazy",
    "vanligaste sökfrågorna", "上位のクエリ", "인기 검색어", "热门查询", "熱門查詢",
    "самые популярные запросы", "principais consultas", "consultas mais frequentes",
)  # fmt: skip
LOOSE_QUERIES = ("query", "queries", "suchanfragen", "поисковый запрос")

# Field → the headers it goes by, the better one first where a file has several.
FIELDS: dict[str, tuple[str, ...]] = {
    "keyword": (
        "keyword", "keywords", "key word", "keyphrase", "key phrase", "keyword phrase",
        "search term", "search terms", "search query", "search queries", *SEARCH_CONSOLE_QUERIES,
        *LOOSE_QUERIES,
        "term", "phrase", "keyword text", "keyword name", "target keyword",
        "suchbegriff", "suchbegriffe", "schlüsselwort", "suchanfrage", "mot-clé", "mot clé",
        "mots-clés", "requête", "palabra clave", "palabras clave", "consulta", "parola chiave",
        "parole chiave", "zoekwoord", "zoekterm", "słowo kluczowe", "słowa kluczowe", "fraza",
        "anahtar kelime", "klíčové slovo", "sökord", "nyckelord", "palavra-chave", "キーワード",
        "検索キーワード", "키워드", "검색어", "关键词", "关键字", "關鍵字", "搜索词",
        "ключевое слово", "ключевые слова", "ключевая фраза", "фраза", "запрос",
    ),
    "volume": (
        "volume", "search volume", "avg monthly searches", "average monthly searches",
        "avg monthly searches exact match only", "monthly searches", "monthly volume",
        "monthly search volume", "search volume monthly", "avg search volume",
        "keyword info search volume", "vol",
        "search vol", "search volume avg", "region volume", "local volume",
        "total volume", "vol month",
        "searches", "search", "sv", "msv", "volume range", "search volume range", "suchvolumen",
        "durchschnittl suchanfragen pro monat", "durchschnittliche monatliche suchanfragen",
        "suchanfragen pro monat", "volume de recherche", "recherches mensuelles moyennes",
        "nombre moyen de recherches mensuelles", "nbre moy de recherches par mois",
        "volumen", "volumen de búsqueda", "volumen de búsquedas", "volume medio mensile",
        "promedio de búsquedas mensuales", "volume di ricerca",
        "media delle ricerche mensili", "zoekvolume", "gem aantal zoekopdrachten per maand",
        "śr mies liczba wyszukiwań", "średnia miesięczna liczba wyszukiwań", "arama hacmi",
        "ort aylık arama sayısı", "hledanost", "sökvolym", "volume de pesquisa", "volume de busca",
        "média de pesquisas mensais", "検索ボリューム", "月間平均検索ボリューム", "검색량",
        "월간 평균 검색량", "搜索量", "平均每月搜索量", "частотность",
        "среднее число запросов в месяц",
    ),
    "volume_min": ("min volume", "volume min", "minimum volume", "volume from"),
    "volume_max": ("max volume", "volume max", "maximum volume", "volume to"),
    "difficulty": (
        "keyword difficulty", "difficulty", "kd", "kd %", "kd%", "keyword difficulty %",
        "keyword difficulty index", "seo difficulty", "search difficulty", "sd",
        "organic difficulty", "keyword properties keyword difficulty", "difficulty score",
        "keyword difficulty score", "kd score", "schwierigkeit", "keyword-schwierigkeit",
        "difficulté", "difficulté du mot-clé", "difficulté des mots-clés", "dificultad",
        "dificultad de la palabra clave", "dificultad de palabras clave", "difficoltà",
        "difficoltà della parola chiave", "difficoltà parola chiave", "moeilijkheid",
        "moeilijkheidsgraad", "zoekwoordmoeilijkheid", "trudność", "trudność słowa kluczowego",
        "obtížnost", "svårighetsgrad", "zorluk", "anahtar kelime zorluğu", "dificuldade",
        "dificuldade da palavra-chave", "キーワード難易度", "難易度", "난이도", "키워드 난이도",
        "关键词难度", "难度", "сложность", "сложность ключевого слова",
    ),
    "cpc": (
        "cpc", "cost per click", "avg cpc", "average cpc", "keyword info cpc", "klickpreis",
        "coste por clic", "coût par clic", "costo per clic",
    ),
    "currency": (
        "currency", "currency code", "währung", "devise", "moneda", "valuta", "通貨", "通貨コード",
    ),
    "intents": (
        "intent", "intents", "search intent", "keyword intent", "keyword intents", "main intent",
        "search intent info main intent", "intent context", "context", "suchintention", "intention",
        "intention de recherche", "intención", "intención de búsqueda", "intento",
        "intento di ricerca", "zoekintentie", "intenção", "intenção de busca", "検索意図", "интент",
    ),
    "country": (
        "country", "country code", "location", "location code", "location name", "locale", "market",
        "database", "region", "land", "pays", "país",
    ),
    "cluster": (
        "cluster", "cluster name", "keyword cluster", "cluster keyword", "topic cluster", "group",
        "keyword group", "group name", "topic", "hub", "hub name", "topical cluster", "pillar",
        "pillar page", "parent keyword", "parent topic", "category name", "gruppe", "thema",
    ),
    "page": (
        "page", "url", "current url", "landing page", "target url", "target page", "ranking url",
        "rank url", "page url", "top page", "address",
    ),
    "impressions": (
        "impressions", "impressionen", "impresiones", "impressioni", "vertoningen", "wyświetlenia",
        "görüntüleme", "görüntülenme", "zobrazení", "visningar", "exponeringar", "表示回数",
        "노출수", "노출", "展示次数", "曝光次數", "показы", "impressões",
    ),
    "clicks": (
        "clicks", "klicks", "clics", "clic", "klikken", "kliknięcia", "tıklama", "tıklamalar",
        "kliknutí", "klick", "クリック数", "클릭수", "点击次数", "點擊次數", "клики", "cliques",
    ),
    "position": (
        "current position", "position", "average position", "avg position", "rank", "current rank",
        "ranking", "durchschnittliche position", "position moyenne", "posición", "posición media",
        "posizione", "posizione media", "positie", "gemiddelde positie", "pozycja",
        "średnia pozycja", "ortalama konum", "konum", "průměrná pozice", "pozice",
        "genomsnittlig position", "掲載順位", "平均掲載順位", "평균 게재순위", "게재순위",
        "평균 게재 순위", "平均排名",
        "排名", "平均排序", "позиция", "средняя позиция", "posição", "posição média",
    ),
}  # fmt: skip

INTENT_FLAGS = ("informational", "commercial", "transactional", "navigational")

_NOT_THE_MARKET = "worldwide, not the searches of one market"
_ADS = "what advertisers compete for or bid, not how hard it is to rank"
_VISITS = "visits to a page, not searches for the keyword"
_NOT_USED = "not needed for clusters and articles"

IGNORED: dict[str, str] = {
    **dict.fromkeys(
        ("global volume", "global search volume", "global traffic potential"), _NOT_THE_MARKET
    ),
    **dict.fromkeys(
        (
            "competition", "competition level", "competition indexed value", "competitive density",
            "paid difficulty", "pd", "ads competition", "keyword info competition",
            "keyword info competition level", "top of page bid low range", "suggested bid",
            "top of page bid high range", "ad impression share", "wettbewerb", "concurrence",
        ),
        _ADS,
    ),
    **dict.fromkeys(
        (
            "traffic potential", "traffic", "traffic %", "traffic cost", "click potential",
            "previous organic traffic", "current organic traffic", "organic traffic change",
            "return rate",
        ),
        _VISITS,
    ),
    **dict.fromkeys(
        (
            "#", "no", "cps", "last update", "updated", "serp features", "first seen", "languages",
            "category", "trend", "trends", "number of results", "seed keyword", "page type", "tags",
            "content references", "competitors", "previous position", "position change",
            "previous position kind", "current position kind", "previous url", "branded", "local",
            "timestamp", "serp features by keyword", "position type", "three month change",
            "yoy change", "organic impression share", "organic average position", "in account?",
            "in plan?", "segmentation", "ctr", "klickrate", "klickfrekvens", "클릭률", "点击率",
            "點閱率", "organic ctr", "importance", "priority", "date analyzed", "relevance",
            "language code", "cluster total", "title", "results", "entities",
        ),
        _NOT_USED,
    ),
}  # fmt: skip
IGNORED_STARTS = ("searches ", "sv trend", "sv forecasting", "keyword info monthly searches")
MONTHLY = re.compile(r"(?:^| )20\d\d(?: |$)|20\d\d年")

_PUNCTUATION = re.compile(r"[\s._:/()\[\]\"'\u00a0\ufeff]+")


def header_key(text: str) -> str:
    """One spelling for a header: folded, without punctuation and without its currency."""
    folded = unicodedata.normalize("NFKC", text[:200]).casefold()
    words = _PUNCTUATION.sub(" ", unicodedata.normalize("NFC", folded)).split()
    while len(words) > 1 and (words[-1] in CURRENCY_SIGNS or words[-1].upper() in CURRENCY_CODES):
        words.pop()
    return " ".join(words)


def ignored_reason(key: str) -> str | None:
    """Why a known column is left out, None for a column we do not know."""
    if key.startswith(IGNORED_STARTS):
        return _NOT_USED
    return IGNORED.get(key)


_KNOWN = frozenset(
    (*IGNORED, *INTENT_FLAGS, *(name for names in FIELDS.values() for name in names))
)
KEYWORD_HEADERS = frozenset(FIELDS["keyword"])


def is_known(key: str) -> bool:
    """Whether any tool we know writes this header."""
    return key in _KNOWN or key.startswith(IGNORED_STARTS)
