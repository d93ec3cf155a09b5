"""The own PostgreSQL: its place, what it refuses, what its log holds."""

from pathlib import Path

import pytest
from django.conf import settings

from shebaoka.office import postgres
from shebaoka.office.configuration import ConfigurationError


def test_a_long_folder_has_its_socket_where_paths_are_short(tmp_path: Path) -> None:
    short = Path("/srv/office/postgres")
    assert postgres.socket_folder(short) == short
    long = tmp_path / ("x" * 100) / "postgres"
    found = postgres.socket_folder(long)
    assert len(str(found / postgres.SOCKET)) <= 100
    assert found != postgres.socket_folder(long / "other")


def test_data_of_another_main_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("9\n")
    with pytest.raises(ConfigurationError, match="holds data of PostgreSQL 9, and this is"):
        postgres.start(folder)
    assert [path.name for path in folder.iterdir()] == ["PG_VERSION"]


def test_a_note_of_a_server_that_is_gone_is_forgotten_if_another_program_has_its_number(
    tmp_path: Path,
) -> None:
    note = tmp_path / "postmaster.pid"
    note.write_text("1\n/somewhere\n")
    postgres._forget_stale(tmp_path)
    assert not note.exists()
    note.write_text("no number\n")
    postgres._forget_stale(tmp_path)
    assert note.exists()


def test_it_listens_on_a_private_socket_and_its_log_names_no_values(django_db_setup: None) -> None:
    if settings.CONFIGURATION.database_url:
        pytest.skip("a server of somebody else")
    folder = settings.CONFIGURATION.path / "postgres"
    assert (postgres.socket_folder(folder) / postgres.SOCKET).stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0
    import psycopg

    with psycopg.connect(postgres.url(folder, "postgres")) as connection:
        row = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('log_min_messages'),"
            " current_setting('log_min_error_statement'), current_setting('log_error_verbosity')"
        ).fetchone()
    assert row == ("", "log", "panic", "terse")
