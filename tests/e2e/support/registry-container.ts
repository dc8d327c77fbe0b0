import { docker, eventually, isUp } from './run.ts';
import { freePort } from './test-stack.ts';

const image = process.env['REGISTRY_IMAGE'] ?? 'registry:3';

/** An image registry in a container. It listens without TLS, on a loopback port and on its network. */
export class RegistryContainer {
  readonly name: string;
  /** What this machine calls it; Docker needs no TLS on loopback. */
  readonly host = `127.0.0.1:${freePort()}`;

  constructor(name: string) {
    this.name = `e2e-${name}-${process.pid}`;
  }

  /** Starts it on a network, where it is `registry:5000`. */
  async start(network: string, address: string): Promise<void> {
    const where = [
      '--network',
      network,
      '--ip',
      address,
      '--network-alias',
      'registry',
      '--publish',
      `${this.host}:5000`,
    ];
    await docker('run', '--detach', '--init', '--name', this.name, ...where, image);
    await eventually(20, 'the registry answers', () => isUp(`http://${this.host}/v2/`));
  }

  /** Pushes an image of this machine's engine under another name. */
  async push(local: string, repository: string): Promise<void> {
    const reference = `${this.host}/${repository}`;
    await docker('tag', local, reference);
    try {
      await docker('push', '--quiet', reference);
    } finally {
      await docker('rmi', reference);
    }
  }

  /** Pushes an image under the name that an engine asks for when the registry is its mirror of Docker Hub. */
  async mirror(local: string): Promise<void> {
    await this.push(local, local.includes('/') ? local : `library/${local}`);
  }

  async remove(): Promise<void> {
    await docker('rm', '--force', '--volumes', this.name).catch(() => undefined);
  }
}
