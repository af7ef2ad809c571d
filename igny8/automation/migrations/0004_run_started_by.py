from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("igny8_automation", "0003_budget_of_an_item")]

    operations = [
        migrations.AddField(
            model_name="automationrun",
            name="started_by",
            field=models.CharField(blank=True, max_length=120),
        ),
    ]
