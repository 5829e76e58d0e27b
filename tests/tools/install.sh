#!/usr/bin/env bash
# Installs the drivers and tools that tests/tools.rs runs, in the versions named here, into a directory:
#   tests/tools/install.sh DIRECTORY && MILLSTREAM_TOOLS=DIRECTORY cargo test --workspace tools
# It needs python3 with venv, node with npm, and a JDK with Maven.
set -euo pipefail
directory="${1:?usage: install.sh DIRECTORY}"
mkdir -p "$directory/node" "$directory/java"

python3 -m venv "$directory/python"
"$directory/python/bin/pip" install --quiet \
    'psycopg[binary]==3.3.9' psycopg2-binary==2.9.13 asyncpg==0.32.0 sqlalchemy==2.1.9 \
    numpy==2.4.6 pandas==3.1.1 polars==2.1.0 pyarrow==26.0.1 connectorx==0.4.6 \
    adbc-driver-manager==1.13.0 adbc-driver-postgresql==1.13.0 django==5.2.19

# Command line tools apart: they need older versions of the same packages.
python3 -m venv "$directory/cli"
"$directory/cli/bin/pip" install --quiet pgcli==4.7.1 dbt-postgres==1.9.1 dbt-core==1.9.11 psycopg2-binary==2.9.13 pexpect==4.9.0

npm install --silent --no-audit --no-fund --prefix "$directory/node" \
    pg@8.23.1 pg-copy-streams@7.0.0 pg-cursor@2.22.1 pg-query-stream@4.17.0 pg-hstore@2.3.4 postgres@3.4.9 \
    sequelize@6.37.8 typeorm@1.1.1 reflect-metadata@0.2.2 knex@3.3.0 drizzle-orm@0.45.4

mvn --quiet dependency:copy -Dartifact=org.postgresql:postgresql:42.7.4 -DoutputDirectory="$directory/java" \
    -Dmdep.stripVersion=true
