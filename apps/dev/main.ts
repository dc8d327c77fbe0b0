// node dev/main.ts FOLDER: serves FOLDER/server.ts, and serves it anew when a file there or in kit/ is saved. What does not pass the
// type check or does not start is told in the log, and the version before it serves on.
import { changes } from './changes.ts';
import { typeCheck } from './type-check.ts';
import { Versions } from './versions.ts';

const [folder = ''] = process.argv.slice(2);
process.umask(Number.parseInt(process.env['UMASK'] ?? '022', 8));

const versions = new Versions(`${folder}/server.ts`, (code) =>
  say(`ended with code ${code}; it is started again when a file is saved`),
);
process.once('SIGTERM', () => void versions.stop().finally(() => process.exit(143)));

function say(message: string): void {
  console.log(`dev: ${message}`);
}

async function check(): Promise<boolean> {
  const { ok, report } = await typeCheck();
  if (!ok) console.log(report);
  return ok;
}

async function serveAnew(changed: readonly string[]): Promise<void> {
  const begun = Date.now();
  const what = changed.length > 3 ? `${changed.length} files` : changed.join(', ');
  const outcome = await versions.start(check());
  const rest = outcome === 'serves' ? `after ${Date.now() - begun} ms` : 'and the version before serves on';
  say(`${what} changed: the new version ${outcome}, ${rest}`);
}

const saved = changes([folder, 'kit']);
// Nothing serves yet, so type errors do not keep the first version from it.
const first = await versions.start(true);
if (first !== 'serves') say(`${folder} ${first}; it is tried again when a file is saved`);
if (!(await check())) say('the version that serves has type errors');
for await (const changed of saved) await serveAnew(changed);
