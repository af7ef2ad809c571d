import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import igny8.core.models


def people_keep_their_team(apps, schema_editor):
    """Whoever was added first is the owner, everybody else an editor."""
    database = schema_editor.connection.alias  # a restore fills one beside the default
    memberships = apps.get_model("igny8_accounts", "Membership").objects.using(database)
    people = apps.get_model("igny8_accounts", "User").objects.using(database)
    owned = set()
    for person in people.exclude(account=None).order_by("pk"):
        role = "editor" if person.account_id in owned else "owner"
        owned.add(person.account_id)
        memberships.create(account_id=person.account_id, user_id=person.pk, role=role)


class Migration(migrations.Migration):
    dependencies = [
        ("igny8_accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="name",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "role",
                    igny8.core.models.OneOfField(
                        choices=[
                            ("viewer", "Viewer"),
                            ("reviewer", "Reviewer"),
                            ("editor", "Editor"),
                            ("owner", "Owner"),
                        ],
                        default="viewer",
                        max_length=20,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="igny8_accounts.account",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "igny8_memberships",
                "constraints": [
                    models.UniqueConstraint(fields=("account", "user"), name="membership_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "owner")),
                        fields=("account",),
                        name="one_owner_an_account",
                    ),
                ],
            },
        ),
        migrations.RunPython(people_keep_their_team, migrations.RunPython.noop),
    ]
