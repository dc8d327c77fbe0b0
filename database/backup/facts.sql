-- The release and the rows of each table, as members of a JSON object.
SELECT format('"postgres":%s,"migration":%s,"rows":%s',
  to_json(current_setting('server_version')),
  coalesce((SELECT to_json(max((xpath('/row/name/text()', query)) [1]::text))
    FROM query_to_xml('SELECT max(name) AS name FROM schema_migration', false, true, '') AS query
    WHERE to_regclass('schema_migration') IS NOT NULL)::text, 'null'),
  (SELECT coalesce(json_object_agg(tablename, (xpath('/row/n/text()',
    query_to_xml(format('SELECT count(*) AS n FROM %I.%I', schemaname, tablename), false, true, ''))) [1]::text::bigint ORDER BY tablename), '{}')
   FROM pg_tables WHERE schemaname = 'public'));
