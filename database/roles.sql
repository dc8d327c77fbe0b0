-- Roles: postgres (superuser, socket only), product_owner (migrations), product_app (rows only; granted by migrations), and where the
-- stack makes backups product_backup, which can read everything and change nothing, and
-- product_archive, which gets the write-ahead log. Where it has metrics: product_metrics, which sees statistics and no row.
-- Runs at every start of the database, as the superuser over the local socket; changes nothing that is already so.
\set owner_password `cat /run/secrets/database-owner-password`
\set app_password `cat /run/secrets/database-app-password`
\set archive_password `cat /run/secrets/database-archive-password 2>/dev/null`
\set backup_password `cat /run/secrets/database-backup-password 2>/dev/null`
SELECT :'backup_password' <> '' AS has_backup, :'archive_password' <> '' AS has_archive \gset
-- The file alone says nothing: a volume keeps files that were once in it.
\set metrics_password `[ -z "$METRICS_USER" ] || cat /run/secrets/database-metrics-password`
SELECT :'metrics_password' <> '' AS has_metrics \gset

SELECT format('CREATE ROLE %I LOGIN', name)
FROM (VALUES ('product_owner'), ('product_app')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE product_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner_password';
ALTER ROLE product_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app_password';
ALTER ROLE product_app SET statement_timeout = '5s';
ALTER ROLE product_app SET idle_in_transaction_session_timeout = '5s';

SELECT 'CREATE DATABASE product OWNER product_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'product') \gexec

REVOKE ALL ON DATABASE product FROM PUBLIC;
GRANT CONNECT ON DATABASE product TO product_app;

-- Where an upgrade was undone (npm run upgrade-database). A connection keeps what was so when it was opened, and some have been by now.
SELECT EXISTS (
  SELECT FROM pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase
  WHERE datname = 'product' AND 'default_transaction_read_only=on' = ANY (setconfig)
) AS is_read_only \gset
\if :is_read_only
  ALTER DATABASE product RESET default_transaction_read_only;
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'product';
\endif

REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;

-- Statistics are the whole server's, so their reader gets in by the empty database and has no way into the product's.
\if :has_metrics
  SELECT 'CREATE ROLE product_metrics' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'product_metrics') \gexec
  ALTER ROLE product_metrics LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 4 PASSWORD :'metrics_password';
  ALTER ROLE product_metrics SET default_transaction_read_only = on;
  ALTER ROLE product_metrics SET statement_timeout = '5s';
  GRANT pg_monitor TO product_metrics;
  GRANT CONNECT ON DATABASE postgres TO product_metrics;
  CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
\else
  DROP EXTENSION IF EXISTS pg_stat_statements;
  SELECT 'DROP OWNED BY product_metrics; DROP ROLE product_metrics'
  WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'product_metrics') \gexec
\endif

\connect product
-- First the owner: before Postgres 15 everybody may create here, and migrations that begin right now as well.
ALTER SCHEMA public OWNER TO product_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO product_app;

\if :has_backup
  SELECT 'CREATE ROLE product_backup' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'product_backup') \gexec
  ALTER ROLE product_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT 4 PASSWORD :'backup_password';
  ALTER ROLE product_backup SET default_transaction_read_only = on;
  GRANT pg_read_all_data TO product_backup;
  GRANT CONNECT ON DATABASE product TO product_backup;
\else
  SELECT 'DROP OWNED BY product_backup; DROP ROLE product_backup'
  WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'product_backup') \gexec
\endif
\if :has_archive
  SELECT 'CREATE ROLE product_archive' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'product_archive') \gexec
  ALTER ROLE product_archive LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE REPLICATION CONNECTION LIMIT 4 PASSWORD :'archive_password';
  GRANT CONNECT ON DATABASE product TO product_archive;
\else
  -- A slot that nobody reads would make Postgres keep its log for ever.
  SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'product_archive' AND NOT active;
  SELECT 'DROP OWNED BY product_archive; DROP ROLE product_archive'
  WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'product_archive') \gexec
\endif
