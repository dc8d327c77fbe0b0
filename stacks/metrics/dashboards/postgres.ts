import { panel, quiet, window, type Dashboard, type Panel } from './panel.ts';

const product = 'datname="product"';
const time = `sum by (queryid) (rate(pg_stat_statements_seconds_total{${product}}[5m]))`;
const calls = `sum by (queryid) (rate(pg_stat_statements_calls_total{${product}}[5m]))`;

/** The five statements with the most of it, by their text. */
function top(expr: string): string {
  return `topk(5, ${expr}) * on (queryid) group_left (query) max by (queryid, query) (pg_stat_statements_query_id)`;
}

const rowsTouched: Panel = {
  title: 'Rows',
  unit: 'rows/s',
  queries: ['fetched', 'inserted', 'updated', 'deleted'].map((what) => ({
    expr: `rate(pg_stat_database_tup_${what}{${product}}[${window}])`,
    legend: what,
  })),
};

/** What Postgres does, what it waits for, and which statements take the time. */
export const postgres: Dashboard = {
  title: 'Postgres',
  rows: [
    {
      title: 'Work',
      panels: [
        panel(
          'Transactions',
          'tx/s',
          `rate(pg_stat_database_xact_commit{${product}}[${window}])`,
          'committed',
        ),
        panel(
          'Rolled back',
          'tx/s',
          `rate(pg_stat_database_xact_rollback{${product}}[${window}])`,
          'rolled back',
        ),
        rowsTouched,
        panel(
          'Read from memory, not the disk',
          '%',
          `100 * rate(pg_stat_database_blks_hit{${product}}[5m]) / (rate(pg_stat_database_blks_hit{${product}}[5m]) + rate(pg_stat_database_blks_read{${product}}[5m]))`,
          'hits',
        ),
      ],
    },
    {
      title: 'What it waits for',
      panels: [
        panel(
          'Connections by state',
          'count',
          `sum by (state) (pg_stat_activity_count{${product}})`,
          '{{state}}',
        ),
        quiet('Locks', 'count', `sum by (mode) (pg_locks_count{${product}}) > 0`, '{{mode}}'),
        panel('Oldest transaction', 's', 'max(pg_stat_activity_max_tx_duration)', 'seconds'),
        quiet('Deadlocks', 'tx/s', `rate(pg_stat_database_deadlocks{${product}}[5m])`, 'deadlocks'),
      ],
    },
    {
      title: 'Statements',
      panels: [
        panel('Time of one call', 's', top(`${time} / ${calls}`), '{{query}}'),
        panel('Time by statement, of all', '%', top(`100 * ${time} / scalar(sum(${time}))`), '{{query}}'),
        panel('Calls by statement', 'calls/s', top(calls), '{{query}}'),
        panel('Size', 'bytes', 'pg_database_size_bytes', '{{datname}}'),
      ],
    },
    {
      title: 'Backups',
      panels: [
        quiet('Age of the newest', 's', 'time() - product_backup_last_success_timestamp_seconds', 'age'),
        quiet('Size of the newest', 'bytes', 'product_backup_size_bytes', 'size'),
        quiet('Room for more', 'bytes', 'product_backup_free_bytes', 'free'),
        quiet('Written and not yet in the archive', 'bytes', 'product_archive_behind_bytes', 'behind'),
        quiet(
          'Age of the newest in the bucket',
          's',
          'time() - product_backup_upload_newest_timestamp_seconds',
          'age',
        ),
      ],
    },
  ],
};
