"""Settings: what a deployment may say, and the page that lists it."""

import stat
from pathlib import Path

import pytest

from shebaoka.office.configuration import ConfigurationError, read_configuration, secret_key
from shebaoka.office.database import database_settings, parameters
from shebaoka.office.reference import PAGE, settings_page

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_the_reference_page_is_fresh() -> None:
    assert (REFERENCE / PAGE).read_text("utf-8") == settings_page(), "make docs"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SHEBAOKA_MODE", "prod", "SHEBAOKA_MODE is test or production"),
        ("SHEBAOKA_HTTPS", "1", "SHEBAOKA_HTTPS is yes or no"),
        ("SHEBAOKA_WORKERS", "0", "SHEBAOKA_WORKERS is a whole number"),
        ("SHEBAOKA_WORKERS", "²", "SHEBAOKA_WORKERS is a whole number"),
        ("SHEBAOKA_STATEMENT_SECONDS", "-1", "SHEBAOKA_STATEMENT_SECONDS is a whole number"),
        ("SHEBAOKA_MIGRATION_SECONDS", "soon", "SHEBAOKA_MIGRATION_SECONDS is a whole number"),
        ("SHEBAOKA_LOG_LEVEL", "LOUD", "SHEBAOKA_LOG_LEVEL is DEBUG"),
        ("SHEBAOKA_LOG_FORMAT", "xml", "SHEBAOKA_LOG_FORMAT is json"),
        ("SHEBAOKA_SECRET_KEY", "short", "SHEBAOKA_SECRET_KEY has fewer than 50"),
        ("SHEBAOKA_METRICS_TOKEN", "short", "SHEBAOKA_METRICS_TOKEN has fewer than 20"),
        ("SHEBAOKA_MODE", "production", "SHEBAOKA_HTTPS must be yes in production"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(name: str, value: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        read_configuration({name: value})


@pytest.mark.parametrize("url", ["mysql://u@h/n", "sqlite:///x", "postgresql://user@host", "x"])
def test_there_is_one_kind_of_database(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        parameters(url)


def test_a_server_by_url_with_time_outs_for_every_statement() -> None:
    configuration = read_configuration(
        {"DATABASE_URL": "postgresql://office:p%40ss@db.example:5433/shebaoka?sslmode=verify-full"}
    )
    found = database_settings(configuration)
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "shebaoka")
    assert (found["USER"], found["PASSWORD"]) == ("office", "p@ss")
    assert found["OPTIONS"]["sslmode"] == "verify-full"
    assert "statement_timeout=30000" in found["OPTIONS"]["options"]
    assert "lock_timeout=5000" in found["OPTIONS"]["options"]


def test_a_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    configuration = read_configuration({"SHEBAOKA_FOLDER": str(tmp_path / "office")})
    made = secret_key(configuration)
    assert len(made) >= 50
    assert secret_key(configuration) == made
    assert stat.S_IMODE((tmp_path / "office" / "secret-key").stat().st_mode) == 0o600
    assert made not in repr(configuration)


def test_secrets_do_not_show(tmp_path: Path) -> None:
    secret = "TEST_ONLY" * 8
    configuration = read_configuration({"SHEBAOKA_SECRET_KEY": secret, "SHEBAOKA_METRICS_TOKEN": secret})
    assert secret not in repr(configuration)
