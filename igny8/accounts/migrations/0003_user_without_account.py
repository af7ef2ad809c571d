from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("igny8_accounts", "0002_memberships"),
    ]

    operations = [
        migrations.RemoveField(model_name="user", name="account"),
    ]
