"""What the database and the object store run at their start, in the shell of their images."""

from __future__ import annotations

from math import ceil

from tenantry.pipelines import words
from tenantry.pipelines.stores import ARTIFACTS, LOGS

START_DATABASE = r"""
# The image sets passwords on an empty volume only. On every other start they become what the Secret says, so that
# a new Secret or a restored volume needs nobody to type them. mysqld reads the file before it answers anyone.
if [ -d /var/lib/mysql/mysql ]; then
  umask 077
  printf "ALTER USER '%s'@'%%' IDENTIFIED BY '%s';\nALTER USER 'root'@'localhost' IDENTIFIED BY '%s';\n" \
    "$MYSQL_USER" "$MYSQL_PASSWORD" "$MYSQL_ROOT_PASSWORD" > /run/credentials/passwords.sql
  set -- "$@" --init-file=/run/credentials/passwords.sql
fi
exec docker-entrypoint.sh "$@"
"""
"""Arguments are the server and its options."""

DATABASE_ARGUMENTS = (
    "mysqld",
    "--datadir=/var/lib/mysql",
    # ML Metadata's client knows no other way to say who it is.
    "--authentication-policy=mysql_native_password",
    "--mysql-native-password=ON",
    # Nothing replicates from it, and the logs would fill the volume.
    "--disable-log-bin",
)


def grants(user: str, schema: str) -> str:
    """SQL for a new volume: the one schema that the image does not make by itself."""
    return f"CREATE DATABASE IF NOT EXISTS {schema};\nGRANT ALL ON {schema}.* TO '{user}'@'%';\n"


def time_to_live(days: int) -> str:
    """Days as SeaweedFS writes them: at most 255 of a unit, where a month is 30 days and a year 365. Never less."""
    for unit, length in (("d", 1), ("w", 7), ("M", 30)):
        if ceil(days / length) <= BYTE:
            return f"{ceil(days / length)}{unit}"
    return f"{ceil(days / 365)}y"


BYTE = 255
"""The most of one unit: the store keeps the number in a byte."""


def start_store(bucket: str, retention_days: int) -> str:
    """After the start of SeaweedFS: the bucket, its one user, and how long artifacts and logs are kept.

    Until there is a user the store believes everybody, so it is not ready before `/tmp/ready` is there.
    """
    kept = time_to_live(retention_days)
    folders = "\n".join(
        f"again run fs.configure -locationPrefix=/buckets/{bucket}/{folder}/ -ttl={kept} -apply"
        for folder in (ARTIFACTS, LOGS)
    )
    return f"""
# The store's shell ends with 0 whatever happened; what went wrong is in what it says.
run() {{ said=$(echo "$@" | weed shell 2>&1); case "$said" in *error:*) echo "$said"; return 1;; esac; }}
again() {{ for n in $(seq 1 60); do "$@" && return; sleep 2; done; exit 1; }}
has_bucket() {{ echo s3.bucket.list | weed shell 2>/dev/null | grep -qw {bucket}; }}
bucket() {{ has_bucket || {{ run s3.bucket.create -name {bucket}; has_bucket; }}; }}
again wget -q --spider http://127.0.0.1:{words.STORE_S3}/status
again bucket
again run s3.configure -user pipelines -access_key "$accesskey" -secret_key "$secretkey" -actions Admin -apply
{folders}
touch /tmp/ready
"""
