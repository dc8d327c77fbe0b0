import { execFileSync } from 'node:child_process';
import { smoke, webPage } from '../engine/smoke.ts';
import { openTunnel } from '../engine/tunnel.ts';
import { readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';

const usage = `npm run smoke -- [--stack STACK] [--url URL]
Asks a stack that is up for a page, products and the API's description, and fails when one is not right (default: staging).
  --url URL    where to ask. Default: the stack's own url, on a remote host through ssh`;

const { values } = readArguments(usage, {
  options: {
    stack: { type: 'string', default: 'staging' },
    url: { type: 'string' },
  },
});

/** Output of a pulumi command; undefined when it fails, as for a key that is not set. */
function pulumi(...args: string[]): string | undefined {
  try {
    return execFileSync('pulumi', [...args, '--stack', values.stack], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

async function failuresAt(url: string): Promise<string[]> {
  const [host] = readStackFile(values.stack).hosts;
  const engine = values.url ? undefined : pulumi('config', 'get', 'docker:host');
  if (!engine?.startsWith('ssh:')) return smoke(webPage(url, host), console.log);
  const tunnel = await openTunnel(engine, Number(new URL(url).port));
  const through = `${new URL(url).protocol}//127.0.0.1:${tunnel.port}`;
  return smoke(webPage(through, host), console.log).finally(() => tunnel.close());
}

try {
  const { redirectHttp } = readStackFile(values.stack);
  const url = values.url ?? pulumi('stack', 'output', redirectHttp ? 'httpsUrl' : 'url');
  if (!url) throw new Error(`${values.stack} is not up. Run: npm start -- ${values.stack}`);
  const failures = await failuresAt(url);
  if (failures.length > 0) throw new Error(failures.join('\n'));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
