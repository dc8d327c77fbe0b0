import { builtApp } from '../apps.ts';
import { service } from '../service.ts';
import type { Settings } from '../settings.ts';
import type { Service } from '../topology.ts';
import { scrapeSeconds } from './targets.ts';

const socket = '/var/run/docker.sock';

/** What reads the metrics of containers is called. */
export const containerMetricsName = 'container-metrics';

/** What the hardening audit lets pass in it, and why. */
export const containerMetricsExceptions: Readonly<Record<string, string>> = {
  'no docker.sock': 'only the engine knows what each container uses; it listens nowhere, see docs/metrics.md',
};

/** Whether the stack may look at what its containers use. */
export function seesContainers(settings: Settings): boolean {
  return settings.metrics && settings['metrics.dockerGroup'] !== undefined;
}

/** The one container that has the engine's socket. It listens nowhere, and the store is all that shares a network with it. */
export function containerMetrics(settings: Settings): Service[] {
  if (!seesContainers(settings)) return [];
  const facts = service(containerMetricsName, {
    image: settings.nodeImage,
    env: { SECONDS: String(scrapeSeconds), STACK: settings.stack, STORE_URL: 'http://metrics:8428' },
    user: `65534:${settings['metrics.dockerGroup']}`,
    binds: [{ source: socket, target: socket, readOnly: true }],
    memoryMiB: 96,
    cpus: 0.25,
    after: ['metrics'],
    healthy: 'test -n "$(find /tmp/alive -mmin -1)"',
    exceptions: [
      {
        what: 'has docker.sock, by which a program can do anything on the engine’s machine',
        why: 'only the engine knows what each container uses; the program asks three questions and takes none',
      },
    ],
  });
  return [{ ...facts, image: builtApp(containerMetricsName, settings) }];
}
