"""What the registry's containers run at their start, in the shell of their images."""

from __future__ import annotations

from tenantry.registry import words

UPGRADE = r"""
# A new release of MLflow refuses the tables of an older one. Tables that are not there yet the server makes itself.
look='import os, sqlalchemy
uri = os.environ["MLFLOW_BACKEND_STORE_URI"]
print(sqlalchemy.inspect(sqlalchemy.create_engine(uri)).has_table("alembic_version"))'
for attempt in $(seq 1 60); do
  if known=$(python -c "$look"); then
    if [ "$known" = True ]; then exec mlflow db upgrade "$MLFLOW_BACKEND_STORE_URI"; fi
    exit 0
  fi
  echo "waiting for the database"; sleep 5
done
exit 1
"""
"""Before the server. Waits five minutes for the database; then the pod starts over, and says so in its status."""

START_DATABASE = r"""
# The image sets passwords on an empty volume only. On every other start they become what the Secret says, so that
# a new Secret or a restored volume needs nobody to type them. Nobody can connect to a server of a single user.
if [ -s "$PGDATA/PG_VERSION" ]; then
  chmod 0700 "$PGDATA"
  printf "ALTER ROLE %s PASSWORD '%s';\n" mlflow "$MLFLOW_PASSWORD" postgres "$POSTGRES_PASSWORD" \
    | postgres --single -D "$PGDATA" postgres > /dev/null
fi
exec docker-entrypoint.sh "$@"
"""
"""Arguments are the server and its options."""

DATABASE_ARGUMENTS = ("postgres",)

CREATE = f"""\
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres <<'SQL'
\\getenv password MLFLOW_PASSWORD
CREATE ROLE {words.DATABASE_USER} LOGIN PASSWORD :'password';
CREATE DATABASE {words.DATABASE_NAME} OWNER {words.DATABASE_USER};
SQL
"""
"""Once, on a new volume: the image's own start runs it. The role owns its database and administers nothing."""
