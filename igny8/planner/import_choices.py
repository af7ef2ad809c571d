"""The words in which people say what a file is, and how a form carries them."""

from collections.abc import Mapping

from igny8.intake.corrections import IGNORE

DECISIONS = {
    "source": "Source",
    "encoding": "Encoding",
    "delimiter": "Delimiter",
    "header_line": "Header row",
    "decimal_mark": "Decimal sign",
    "country": "Market",
}
COLUMN = "column:"

FIELDS = {
    "keyword": "Keyword",
    "volume": "Volume",
    "volume_min": "Lowest volume",
    "volume_max": "Highest volume",
    "difficulty": "Difficulty",
    "cpc": "CPC",
    "currency": "Currency",
    "intents": "Intent",
    "country": "Country",
    "cluster": "Topic",
    "page": "Page",
    "impressions": "Impressions",
    "clicks": "Clicks",
    "position": "Position",
    IGNORE: "Not imported",
}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark",
    "utf-16-le": "UTF-16 (LE)",
    "utf-16-be": "UTF-16 (BE)",
    "cp1252": "Western (cp1252)",
    "cp1250": "Central European (cp1250)",
    "iso-8859-2": "Central European (ISO 8859-2)",
    "cp1251": "Cyrillic (cp1251)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "cp1253": "Greek (cp1253)",
    "cp1254": "Turkish (cp1254)",
    "cp1255": "Hebrew (cp1255)",
    "cp1256": "Arabic (cp1256)",
    "cp1257": "Baltic (cp1257)",
    "shift_jis": "Japanese (Shift JIS)",
    "euc_kr": "Korean (EUC-KR)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
}
DELIMITERS = {
    "comma": "Comma ,",
    "semicolon": "Semicolon ;",
    "tab": "Tab",
    "bar": "Bar |",
    "none": "None: one keyword a line",
}
DECIMAL_MARKS = {"point": "Point 1.87", "comma": "Comma 1,87"}


def told_in(form: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What a form says of the file, and of its columns; what is left as recognised is absent."""
    told = {name: form[name] for name in DECISIONS if form.get(name)}
    columns = {
        name.removeprefix(COLUMN): form[name]
        for name in form
        if name.startswith(COLUMN) and form[name]
    }
    return told, columns
