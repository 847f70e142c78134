"""What the database and the store do at their start, run by a real shell with the images' programs played."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tenantry.pipelines.passwords import new_password
from tenantry.pipelines.scripts import DATABASE_ARGUMENTS, START_DATABASE, grants, start_store, time_to_live

ENVIRONMENT = {"MYSQL_USER": "pipelines", "MYSQL_PASSWORD": "new1", "MYSQL_ROOT_PASSWORD": "new2"}


def play(folder: Path, **programs: str) -> None:
    for name, text in programs.items():
        file = folder / name.replace("_", "-")
        file.write_text(f"#!/bin/bash\n{text}\n")
        file.chmod(0o755)


def start(folder: Path, *, initialised: bool) -> tuple[list[str], str]:
    """Arguments that the image's own start gets, and the SQL that the server reads."""
    data, run = folder / "data", folder / "run"
    run.mkdir()
    (data / "mysql").mkdir(parents=True) if initialised else data.mkdir()
    (folder / "docker-entrypoint.sh").write_text('#!/bin/bash\nprintf "%s\\n" "$@"\n')
    (folder / "docker-entrypoint.sh").chmod(0o755)
    script = START_DATABASE.replace("/var/lib/mysql", str(data)).replace("/run/credentials", str(run))
    done = subprocess.run(
        ["/bin/bash", "-ec", script, "start", *DATABASE_ARGUMENTS],
        env={"PATH": f"{folder}:/usr/bin:/bin", **ENVIRONMENT},
        check=True,
        capture_output=True,
        text=True,
    )
    sql = run / "passwords.sql"
    if sql.exists():
        assert sql.stat().st_mode & 0o077 == 0
    return done.stdout.split(), sql.read_text() if sql.exists() else ""


def test_a_new_volume_is_the_images_own_business(tmp_path: Path) -> None:
    assert start(tmp_path, initialised=False) == (list(DATABASE_ARGUMENTS), "")


def test_on_every_other_start_passwords_become_what_the_secret_says(tmp_path: Path) -> None:
    arguments, sql = start(tmp_path, initialised=True)
    assert arguments == [*DATABASE_ARGUMENTS, f"--init-file={tmp_path}/run/passwords.sql"]
    # One statement a line: mysqld reads such a file so.
    assert sql.splitlines() == [
        "ALTER USER 'pipelines'@'%' IDENTIFIED BY 'new1';",
        "ALTER USER 'root'@'localhost' IDENTIFIED BY 'new2';",
    ]


def test_the_schema_that_the_image_does_not_make() -> None:
    assert grants("pipelines", "metadb").splitlines() == [
        "CREATE DATABASE IF NOT EXISTS metadb;",
        "GRANT ALL ON metadb.* TO 'pipelines'@'%';",
    ]


WEED = """
read -r line
echo "$line" >> {log}
case "$line" in
  s3.bucket.list) [ -f {log}.bucket ] && echo "  mlpipeline  size:0" ;;
  s3.bucket.create*) touch {log}.bucket ;;
  s3.configure*) [ -f {log}.ready ] || { touch {log}.ready; echo "error: not yet"; } ;;
esac
exit 0
"""


def test_the_store_gets_its_bucket_its_user_and_how_long_it_keeps(tmp_path: Path) -> None:
    log = tmp_path / "log"
    play(tmp_path, wget="exit 0", sleep="exit 0", weed=WEED.replace("{log}", str(log)))
    script = start_store("mlpipeline", 90).replace("/tmp/ready", str(tmp_path / "ready"))
    for _ in range(2):
        subprocess.run(
            ["/bin/sh", "-c", script],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin", "accesskey": "pipelines", "secretkey": "hush"},
            check=True,
        )
        assert (tmp_path / "ready").exists()
    said = log.read_text().splitlines()
    assert said.count("s3.bucket.create -name mlpipeline") == 1, "once, and never again"
    user = "s3.configure -user pipelines -access_key pipelines -secret_key hush -actions Admin -apply"
    assert said.count(user) == 3, "tried again after an error"
    assert "fs.configure -locationPrefix=/buckets/mlpipeline/v2/artifacts/ -ttl=90d -apply" in said
    assert "fs.configure -locationPrefix=/buckets/mlpipeline/private-artifacts/ -ttl=90d -apply" in said


def test_a_store_that_never_answers_is_never_ready(tmp_path: Path) -> None:
    play(tmp_path, wget="exit 1", sleep="exit 0", weed="exit 0")
    script = start_store("mlpipeline", 90).replace("/tmp/ready", str(tmp_path / "ready"))
    done = subprocess.run(["/bin/sh", "-c", script], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=False)
    assert done.returncode == 1
    assert not (tmp_path / "ready").exists()


LENGTH = {"d": 1, "w": 7, "M": 30, "y": 365}


@pytest.mark.parametrize("days", [1, 90, 255, 256, 1785, 1786, 3650])
def test_nothing_goes_before_its_time_and_the_number_fits_a_byte(days: int) -> None:
    found = re.fullmatch(r"(\d+)([dwMy])", time_to_live(days))
    assert found
    assert 1 <= int(found[1]) <= 255
    kept = int(found[1]) * LENGTH[found[2]]
    assert days <= kept < days + LENGTH[found[2]]


def test_passwords_are_never_twice_the_same_and_never_need_quotes() -> None:
    made = {new_password() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch("[A-Za-z0-9]{32}", one) for one in made)
