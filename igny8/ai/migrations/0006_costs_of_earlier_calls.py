from django.db import migrations

AS_BOOKED = """
UPDATE igny8_ai_calls SET cost_microusd = (
    SELECT e.cost_microusd FROM igny8_credit_entries e WHERE e.call_id = igny8_ai_calls.id
) WHERE cost_microusd IS NULL AND credits IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("igny8_ai", "0005_gate_places"),
        ("igny8_credits", "0003_ledger_of_an_account"),
    ]

    operations = [
        migrations.RunSQL(AS_BOOKED, migrations.RunSQL.noop),
    ]
