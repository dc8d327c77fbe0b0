import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { runningContainer } from '../backups/backup-service.ts';
import { alone } from '../engine/at-work.ts';
import type { DockerCli } from '../engine/docker-cli.ts';
import type { Kind } from '../imports/file-kind.ts';
import { InputFile } from '../imports/input-file.ts';
import { mapColumns } from '../imports/mapping.ts';
import { openSource } from '../imports/open.ts';
import { checkOptions } from '../imports/options.ts';
import { RowReader } from '../imports/product-row.ts';
import { mappingText, outcomeText, refusalsCsv, refusalsText, type Outcome } from '../imports/report.ts';
import type { Source } from '../imports/source.ts';
import { takeRows } from '../imports/take.ts';
import { Workshop } from '../imports/workshop.ts';
import type { Settings } from '../stacks/settings.ts';
import { readDockerHost, readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';
import { tell, untilStopped, withDocker } from './with-docker.ts';

const usage = `npm run import -- FILE [--stack STACK] [--dry-run] [--map FIELD=COLUMN]… [more]
Brings your own products into a running stack: from CSV, or from a dump of PostgreSQL, MySQL or MariaDB, packed by gzip or not. All or nothing:
a row that cannot be taken is told, and then nothing is changed. Products that are there already are known by their id, else their sku.
  --stack STACK         which stack (default: staging)
  --dry-run             only say what would happen
  --map FIELD=COLUMN    where a field comes from that is not found by its name; FIELD= for from nowhere. Fields: id, sku, name,
                        description, price (19.90) or price_cents (1990), currency, stock, created_at, updated_at
  --currency EUR        currency of all rows, where no column says it
  --time-zone ZONE      where clocks showed times that name no zone, such as Europe/Tallinn (default: UTC)
  --table NAME          which table of a dump (default: the one called products, or the only one)
  --skip-bad            go on without the rows that cannot be taken
  --bad-rows FILE       write all of these to a file, as CSV
  --from KIND           what the file is, where it does not say so: csv, archive (pg_dump -Fc), postgres or mysql (plain SQL)
  --encoding NAME       of a CSV, such as windows-1252 (default: utf-8)
  --delimiter C         of a CSV (default: what its first line has most of: , ; or a tab)`;

const { values, positionals } = readArguments(usage, {
  allowPositionals: true,
  options: {
    stack: { type: 'string', default: 'staging' },
    'dry-run': { type: 'boolean', default: false },
    map: { type: 'string', multiple: true, default: [] },
    currency: { type: 'string' },
    'time-zone': { type: 'string', default: 'UTC' },
    table: { type: 'string' },
    'skip-bad': { type: 'boolean', default: false },
    'bad-rows': { type: 'string' },
    from: { type: 'string' },
    encoding: { type: 'string', default: 'utf-8' },
    delimiter: { type: 'string' },
  },
});
const { stack } = values;
const [path] = positionals;
if (path === undefined || positionals.length > 1) {
  console.error(usage);
  process.exit(2);
}

/** Pulls or builds what a MySQL dump needs, where it is not there. */
function needImages(settings: Settings): void {
  const images = [settings['import.mariadbImage'], settings['import.converterImage']];
  const host = readDockerHost(stack);
  const env = host === undefined ? process.env : { ...process.env, DOCKER_HOST: host };
  const { status } = spawnSync('scripts/setup', ['--images', ...images], { stdio: ['ignore', 2, 2], env });
  if (status !== 0) throw new Error(`a MySQL dump needs the images ${images.join(' and ')}`);
}

async function importFile(docker: DockerCli, asked: Kind | undefined): Promise<Outcome> {
  const settings = readStackFile(stack);
  if (settings.databaseUrl !== undefined)
    throw new Error(
      `${stack} has a managed Postgres (databaseUrl), and imports are for our own. Import before you move there: docs/managed-postgres.md`,
    );
  const database = await runningContainer(docker, stack, 'database');
  const file = new InputFile(path!);
  const kind = await file.kind(asked);
  if (kind === 'mysql') needImages(settings);
  const work = { stack, what: `an import of ${file.name}`, beside: database };
  return alone(docker, work, () => importRows(docker, settings, database, file, kind));
}

async function importRows(
  docker: DockerCli,
  settings: Settings,
  database: string,
  file: InputFile,
  kind: Kind,
): Promise<Outcome> {
  const workshop = new Workshop(docker, settings);
  const signal = untilStopped();
  // Ctrl-C ends what is at work, and so this, which then cleans up.
  signal.addEventListener('abort', () => void workshop.dispose());
  let state = () => file.progress();
  const ticking = setInterval(() => tell(`  … ${state()}`), 5000);
  try {
    const { encoding, delimiter, table } = values;
    const source = await openSource(file, { kind, encoding, delimiter, table }, workshop, tell);
    const progress = (rows: number) => (state = () => `${rows} rows read`);
    return await take(docker, database, source, progress, signal);
  } catch (error) {
    const isTold = (error as Error).message.startsWith('stopped; ');
    throw signal.aborted && !isTold ? new Error('stopped; nothing was changed', { cause: error }) : error;
  } finally {
    clearInterval(ticking);
    await workshop.dispose();
  }
}

function take(
  docker: DockerCli,
  database: string,
  source: Source,
  progress: (rows: number) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  const mapping = mapColumns(source.columns, values);
  tell(`${source.what}${source.rows === undefined ? '' : `, ${source.rows} rows`}:\n${mappingText(mapping)}`);
  const reader = new RowReader(mapping, values['time-zone']);
  const intent = { dryRun: values['dry-run'], skipBad: values['skip-bad'] };
  return takeRows(docker, database, source, reader, intent, progress, signal);
}

function show(outcome: Outcome): void {
  const { refusals, taken } = outcome;
  if (values['bad-rows']) writeFileSync(values['bad-rows'], refusalsCsv(refusals));
  if (refusals.length > 0) console.error(refusalsText(refusals, 50));
  const refused = refusals.length > 0 && !values['skip-bad'];
  console.log(outcomeText(stack, outcome));
  if (values['dry-run']) console.log('Nothing was changed: --dry-run.');
  else if (!taken) console.log('Nothing was changed. Mend these rows, or go on without them: --skip-bad');
  process.exitCode = refused || !(taken || values['dry-run']) ? 1 : 0;
}

await withDocker(stack, async (docker) => {
  const asked = checkOptions(values);
  show(await importFile(docker, asked));
});
