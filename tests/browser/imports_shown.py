"""An import in every state that pages show, in this order."""

from typing import Any

SEMRUSH = """\
Keyword;Intent;Volume;Keyword Difficulty;CPC (EUR);Competitive Density;Results
moka pot cleaning;Informational;5400;18;0,94;0,31;18400000
cold brew ratio;Commercial;3600;21;3,56;0,88;9100000
best burr grinder;Commercial, Transactional;2900;44;1,20;1,00;77000000
aeropress recipe;Informational;1900;14;;0,10;410000
burr or blade;;ten;3;0,40;0,20;1200
Moka pot cleaning;Informational;5400;18;0,94;0,31;18400000
decaf tastes flat;Informational;320;9;0,11;0,05;88000
caf\N{REPLACEMENT CHARACTER} cr\N{REPLACEMENT CHARACTER}me;Informational;90;2;;;
water for coffee;Informational;2400;20;0,70
"""
NAMELESS = "Thing,Amount,Rest\npour over kettle,1300,x\nlatte art,880,y\n"
STEPS = ("columns", "nameless", "checking", "checked", "importing", "done", "failed")


def with_imports(site: Any) -> None:
    from igny8.planner import imports
    from igny8.planner.models import KeywordImport

    for step in STEPS:
        content = NAMELESS if step == "nameless" else SEMRUSH
        found = imports.begin_import(
            site,
            person="Mara Kellner",
            name="northwind_broad-match_us_2026-11-02.csv",
            chunks=[content.encode()],
        )
        if step in ("checked", "done", "importing"):
            imports.check(found)
        if step == "done":
            found.refresh_from_db()
            imports.confirm(found)
        if step in ("checking", "importing"):
            far = {"about_rows": 180_000, "rows_done": 61_500, "rows_new": 58_204}
            KeywordImport.objects.filter(pk=found.pk).update(status=step, generation=1, **far)
        if step == "failed":
            reason = "The workbook is damaged. Download it again, or export it as CSV."
            KeywordImport.objects.filter(pk=found.pk).update(status=step, reason=reason)
