import { shellHealth } from './health.ts';
import { tmpfs } from './tmpfs.ts';
import type { Service } from './topology.ts';

/** What a service must say; everything else has a default that is closed and small. */
export interface ServiceFacts extends Partial<Omit<Service, 'name' | 'image' | 'health'>> {
  /** A reference such as `redis:8-alpine`. */
  readonly image: string;
  /** A shell command that ends with 0 when the service is well. */
  readonly healthy: string;
}

/**
 * A service out of an image, one replica, for those that are linked to it. Default: user 65534, 128 MiB, one CPU, a /tmp of 16 MiB
 * and nothing else to write to, no environment, stop-first. CONTRIBUTING.md adds one.
 */
export function service(name: string, { image, healthy, ...more }: ServiceFacts): Service {
  return {
    name,
    image: { kind: 'pulled', reference: image },
    env: {},
    user: '65534:65534',
    tmpfs: tmpfs(16),
    volumes: [],
    secrets: [],
    memoryMiB: 128,
    cpus: 1,
    after: [],
    replicas: 1,
    health: shellHealth(healthy),
    stopGraceSeconds: 15,
    rollout: { order: 'stop-first' },
    publish: [],
    ...more,
  };
}
