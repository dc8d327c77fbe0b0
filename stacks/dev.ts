import { readyHealth } from './health.ts';
import type { Settings } from './settings.ts';
import { tmpfs } from './tmpfs.ts';
import type { BindMount, BuiltImage, Exception, PublishedPort, Service, Topology } from './topology.ts';

/** Debuggers and Postgres give whoever reaches them everything, so nothing but this host may, whatever bindAddress says. */
const loopback = '127.0.0.1';

/** Where Node's debugger listens in the container. */
const debugPort = 9229;

/** What the type check and a second version side by side need on top of one version, MiB. */
const workshopMemory = 384;

/** The files belong to whoever edits them, so what reads and writes them is the same user. */
const asDeveloper: Exception = {
  what: 'runs as the user who started the stack, not as a user of its own',
  why: 'files made on either side belong to the developer, and can be edited and deleted on both',
};

/** A service as local development wants it; elsewhere as it is. */
export function inDev(service: Service, settings: Settings): Service {
  if (!settings.dev) return service;
  if (service.name === 'database') return reachableDatabase(service, settings);
  if (service.image.kind === 'built' && service.port !== undefined) return liveApp(service, settings);
  return service.name === 'edge' || service.name === 'gateway' ? liveNginx(service, settings) : service;
}

/**
 * An app whose sources are edited while it runs: the sources come from this checkout, everything else from an image. Apps that are
 * not built from this repository stay as they are.
 */
function liveApp(service: Service, settings: Settings): Service {
  const { name, replicas } = service;
  return {
    ...service,
    image: devImage(settings),
    command: ['node', 'dev/main.ts', name],
    env: { ...service.env, UMASK: settings.devUmask },
    user: settings.devUser!,
    tmpfs: tmpfs(64),
    binds: ['kit', name].map(sourceFolder),
    memoryMiB: service.memoryMiB + workshopMemory,
    health: readyHealth({ port: service.port!, ready: '/readyz' }),
    rollout: { order: 'stop-first' },
    publish: [debuggerOf(name, settings)],
    exceptions: [
      asDeveloper,
      {
        what: `the folders apps/kit and apps/${name} of the checkout are writable`,
        why: 'a saved change is served at once',
      },
      {
        what: `publishes its debugger on ${replicas > 1 ? 'loopback ports' : 'a loopback port'}`,
        why: 'an editor attaches to it; one container at a time can own the port, so releases stop the old one first',
      },
      {
        what: 'is not ended when it hangs, and has no candidate',
        why: 'a program at a breakpoint looks as if it hangs',
      },
    ],
  };
}

function devImage({ nodeImage }: Settings): BuiltImage {
  return {
    kind: 'built',
    name: 'dev',
    context: 'apps',
    target: 'dev',
    args: { NODE_IMAGE: nodeImage },
    sources: ['Dockerfile', 'package.json', 'package-lock.json', 'tsconfig.json', 'dev'],
  };
}

function sourceFolder(name: string): BindMount {
  return { source: `apps/${name}`, target: `/app/${name}`, readOnly: false };
}

function debuggerOf(name: string, settings: Settings): PublishedPort {
  const setting = name === 'product-api' ? 'devProductApiDebugPort' : 'devStorefrontDebugPort';
  return { address: loopback, hostPort: settings[setting], containerPort: debugPort, setting };
}

/** Where an editor attaches: by app, one address for each replica. */
export function debugAddresses({ services }: Topology): Record<string, string[]> {
  const ports = services.flatMap(({ name, replicas, publish }) =>
    publish
      .filter(({ containerPort }) => containerPort === debugPort)
      .map(({ address, hostPort }) => [name, { address, hostPort, replicas }] as const),
  );
  return Object.fromEntries(
    ports.map(([name, { address, hostPort, replicas }]) => [
      name,
      Array.from({ length: replicas }, (_, index) => `${address}:${hostPort + index}`),
    ]),
  );
}

/** An nginx whose files are edited while it runs. `run.sh` reloads it, and refuses what is wrong. */
function liveNginx(service: Service, settings: Settings): Service {
  const { name, files } = service;
  if (!files) return service;
  const folders = files.entries.flatMap((entry) =>
    'source' in entry && !entry.source.includes('.') ? [entry.path] : [],
  );
  const made = files.entries.filter((entry) => 'content' in entry);
  return {
    ...service,
    command: ['sh', `${files.target}/common/run.sh`, `${files.target}/${name}/nginx.conf`],
    user: settings.devUser!,
    binds: folders.map((folder) => ({
      source: `nginx/${folder}`,
      target: `${files.target}/${folder}`,
      readOnly: true,
    })),
    files: {
      target: `${files.target}/settings`,
      entries: made.map((entry) => ({ ...entry, path: entry.path.replace(/^settings\//, '') })),
    },
    exceptions: [
      asDeveloper,
      {
        what: `reads nginx/common and nginx/${name} of the checkout`,
        why: 'a saved change is served at once; wrong files keep the old configuration',
      },
    ],
  };
}

/** A Postgres that the developer's own tools reach. */
function reachableDatabase(service: Service, { devDatabasePort }: Settings): Service {
  const port = { hostPort: devDatabasePort, containerPort: service.port!, setting: 'devDatabasePort' };
  return {
    ...service,
    publish: [{ address: loopback, ...port }],
    exceptions: [{ what: 'publishes Postgres on a loopback port', why: 'psql and editors connect to it' }],
  };
}
