from pathlib import Path

from django.db import migrations

FUNCTIONS = Path(__file__).parents[1] / "functions.sql"


class Migration(migrations.Migration):

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS.read_text("utf-8"),
            "DROP FUNCTION audit_append(uuid, text, text, timestamptz, text, text, text, text, text)",
        )
    ]
