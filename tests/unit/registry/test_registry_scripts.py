"""What the registry's containers do at their start, run by a real shell with the images' programs played."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tenantry.registry.scripts import CREATE, DATABASE_ARGUMENTS, START_DATABASE, UPGRADE


def play(folder: Path, **programs: str) -> None:
    for name, text in programs.items():
        file = folder / name.replace("__", "-")
        file.write_text(f"#!/bin/bash\n{text}\n")
        file.chmod(0o755)


def run(folder: Path, shell: str, script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shell, "-ec", script, "start", *arguments],
        env={"PATH": f"{folder}:/usr/bin:/bin", "LOG": str(folder / "log"), **variables},
        check=False,
        capture_output=True,
        text=True,
    )


def start_database(folder: Path) -> str:
    """What the programs of the image are called with, and what they read."""
    entrypoint = {"docker__entrypoint.sh": 'echo "entrypoint $*" >> "$LOG"'}
    play(folder, postgres='{ echo "postgres $*"; cat; } >> "$LOG"', **entrypoint)
    passwords = {"MLFLOW_PASSWORD": "new1", "POSTGRES_PASSWORD": "new2"}
    done = run(folder, "/bin/bash", START_DATABASE, *DATABASE_ARGUMENTS, PGDATA=str(folder / "data"), **passwords)
    assert done.returncode == 0, done.stderr
    assert "new" not in done.stdout
    return (folder / "log").read_text()


def test_a_new_volume_is_the_images_own_business(tmp_path: Path) -> None:
    assert start_database(tmp_path) == "entrypoint postgres\n"


def test_on_every_other_start_passwords_become_what_the_secret_says(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o775)
    (data / "PG_VERSION").write_text("17\n")
    assert start_database(tmp_path).splitlines() == [
        f"postgres --single -D {data} postgres",
        "ALTER ROLE mlflow PASSWORD 'new1';",
        "ALTER ROLE postgres PASSWORD 'new2';",
        "entrypoint postgres",
    ]
    assert data.stat().st_mode & 0o777 == 0o700, "PostgreSQL refuses a folder that others may read"


def test_a_new_volume_gets_an_owner_who_is_no_administrator(tmp_path: Path) -> None:
    play(tmp_path, psql='{ echo "psql $*"; cat; } >> "$LOG"')
    assert run(tmp_path, "/bin/bash", CREATE).returncode == 0
    assert (tmp_path / "log").read_text().splitlines() == [
        "psql --no-psqlrc --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres",
        r"\getenv password MLFLOW_PASSWORD",
        "CREATE ROLE mlflow LOGIN PASSWORD :'password';",
        "CREATE DATABASE mlflow OWNER mlflow;",
    ]


URI = {"MLFLOW_BACKEND_STORE_URI": "postgresql://u:p@mlflow-database:5432/mlflow"}


@pytest.mark.parametrize(
    ("known", "called"), [("True", "db upgrade postgresql://u:p@mlflow-database:5432/mlflow\n"), ("False", "")]
)
def test_only_tables_that_are_there_are_upgraded(tmp_path: Path, known: str, called: str) -> None:
    (tmp_path / "log").touch()
    play(tmp_path, python=f"echo {known}", mlflow='echo "$*" >> "$LOG"')
    assert run(tmp_path, "/bin/sh", UPGRADE, **URI).returncode == 0
    assert (tmp_path / "log").read_text() == called


def test_a_failed_upgrade_keeps_the_server_from_starting(tmp_path: Path) -> None:
    play(tmp_path, python="echo True", mlflow="exit 3")
    assert run(tmp_path, "/bin/sh", UPGRADE, **URI).returncode == 3


def test_it_waits_for_the_database_and_gives_up(tmp_path: Path) -> None:
    play(tmp_path, python='echo asked >> "$LOG"; exit 1', mlflow="exit 0", sleep="exit 0")
    assert run(tmp_path, "/bin/sh", UPGRADE, **URI).returncode == 1
    assert (tmp_path / "log").read_text().count("asked") == 60
    play(tmp_path, python='echo asked >> "$LOG"; [ "$(grep -c asked "$LOG")" -gt 62 ] && echo False')
    assert run(tmp_path, "/bin/sh", UPGRADE, **URI).returncode == 0


def test_what_asks_for_the_tables_is_python(tmp_path: Path) -> None:
    play(tmp_path, python='printf "%s" "$2" > "$LOG"; echo False')
    assert run(tmp_path, "/bin/sh", UPGRADE, **URI).returncode == 0
    compile((tmp_path / "log").read_text(), "look", "exec")
