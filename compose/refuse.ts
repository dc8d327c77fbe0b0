import type { Topology } from '../stacks/topology.ts';

/** Fields that the export says in compose's words. */
const said = {
  workload: [
    'name',
    'image',
    'entrypoint',
    'command',
    'env',
    'user',
    'tmpfs',
    'volumes',
    'binds',
    'files',
    'secrets',
    'memoryMiB',
    'cpus',
    'shmMiB',
    'after',
    'egress',
    'exceptions',
  ],
  service: ['replicas', 'port', 'health', 'stopGraceSeconds', 'publish'],
  topology: ['stack', 'services', 'jobs', 'links', 'volumes', 'passwords', 'certificates'],
};

/** Fields that compose has no words for, and what happens instead; the README's table of differences. */
export const differences: Readonly<Record<string, string>> = {
  rollout:
    'compose recreates containers one by one: no candidate, no start-first, requests can fail during a release',
  timeoutSeconds: 'a job may run as long as it likes',
  patient: 'a job starts after what it waits for, also the first time',
  own: 'compose makes a self-signed certificate of its own',
  kept: 'compose makes passwords once and does not rotate them',
  check: 'nginx checks its files itself: wrong ones keep a running nginx as it is, and a new one unhealthy',
};

/** Stops the export when the topology says something that it would drop. @throws Error with what it is. */
export function refuseUnknown(topology: Topology): void {
  if (!topology.services.some(({ name }) => name === 'database'))
    throw new Error(
      `${topology.stack}: a managed database is not exported: databaseUrl is a secret, and only Pulumi can read it. ` +
        'Run: pulumi up, or render a stack without databaseUrl',
    );
  refuse('the topology', topology, said.topology);
  for (const service of topology.services)
    refuse(service.name, service, [...said.workload, ...said.service, ...Object.keys(differences)]);
  for (const job of topology.jobs) refuse(job.name, job, [...said.workload, ...Object.keys(differences)]);
}

function refuse(name: string, value: object, known: readonly string[]): void {
  const [field] = Object.keys(value).filter((key) => !known.includes(key));
  if (field !== undefined)
    throw new Error(
      `compose cannot say "${field}" of ${name}. Teach compose/export.ts, or list it in compose/refuse.ts`,
    );
}
