import { DockerCli } from '../engine/docker-cli.ts';
import { followLogs, pastLogs } from '../ops/follow-logs.ts';
import { followTaskLogs, pastTaskLogs } from '../ops/swarm-logs.ts';
import { formatLine, isAbout, type LogLine } from '../ops/log-lines.ts';
import { productTopology } from '../stacks/product.ts';
import { readDockerHost, readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';

const usage = `npm run logs -- [SERVICE] [--stack STACK] [--request ID] [--tail N] [--no-follow] [--json]
Shows the logs of all replicas together, coloured by service, and follows them until Ctrl-C.
  SERVICE         one service only: edge, storefront, gateway, product-api, database
  --stack STACK   which stack (default: staging)
  --request ID    only lines about this request, across all hops; the id is in every answer's x-request-id
  --tail N        lines of the past, from each container (default: 20)
  --no-follow     end after those
  --json          lines as the services wrote them`;

const { values, positionals } = readArguments(usage, {
  allowPositionals: true,
  allowNegative: true,
  options: {
    stack: { type: 'string', default: 'staging' },
    request: { type: 'string' },
    tail: { type: 'string', default: '20' },
    follow: { type: 'boolean', default: true },
    json: { type: 'boolean' },
  },
});

async function logs(): Promise<void> {
  const settings = readStackFile(values.stack);
  const { services, jobs } = productTopology(settings);
  const names = [...services, ...jobs].map(({ name }) => name);
  const [service] = positionals;
  if (service !== undefined && !names.includes(service))
    throw new Error(`there is no service ${service}. There are: ${names.join(', ')}`);
  const docker = new DockerCli(readDockerHost(values.stack));
  // A request that is looked for may be long past.
  const tail = values.request === undefined ? Number(values.tail) : 100_000;
  const query = { stack: values.stack, tail, ...(service !== undefined && { service }) };
  const width = Math.max(...names.map(({ length }) => length)) + 3;
  const show = (line: LogLine) => {
    if (isAbout(line, values.request)) console.log(values.json ? line.text : formatLine(line, width));
  };
  const [past, follow] =
    settings.engine === 'swarm' ? [pastTaskLogs, followTaskLogs] : [pastLogs, followLogs];
  for (const line of await past(docker, query)) show(line);
  if (values.follow) await untilInterrupted(await follow(docker, query, show));
}

/** By Ctrl-C, or by the script that started it. */
function untilInterrupted(end: () => void): Promise<void> {
  const alive = setInterval(() => undefined, 60_000);
  return new Promise((resolve) => {
    const stop = () => {
      clearInterval(alive);
      end();
      resolve();
      process.exit(0);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  });
}

await logs().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
