#!/bin/sh
# The services' role owns its database and nothing else: a superuser would pass by row-level security.
set -eu
psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set password="$PARLEY_DB_PASSWORD" <<'SQL'
CREATE ROLE parley LOGIN PASSWORD :'password';
CREATE DATABASE parley OWNER parley ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
SQL
