-- What a backup's manifest says, and the dump itself, all of one moment.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\o .partial/facts
\ir facts.sql
\o
\! bash "$HERE/write-dump.sh"
\if :SHELL_ERROR
  DO $$ BEGIN RAISE EXCEPTION 'the dump could not be written'; END $$;
\endif
COMMIT;
