import { docker, eventually, isUp, run } from './run.ts';
import { freePort } from './test-stack.ts';

const image = process.env['ENGINE_IMAGE'] ?? 'docker:28-dind';

// The cgroup tree is read-only in a container that is not privileged, and nested machines may not allow privileged ones.
const serve = `
mount -o remount,rw /sys
while read -r _ path _; do case $path in /sys/fs/cgroup*) mount -o remount,bind,rw "$path" ;; esac; done </proc/mounts
exec dockerd --host unix:///var/run/docker.sock --host tcp://0.0.0.0:2375 --tls=false "$@"`;

/** Where an engine starts, and with what. */
export interface EngineOptions {
  /** A folder that is there under the same path, read-only, for bind mounts. */
  readonly folder?: string;
  /** A network of the outer engine, the engine's name there, which is its host name too, and its address. */
  readonly network?: { readonly name: string; readonly as: string; readonly address: string };
  /** More of dockerd's own arguments. */
  readonly dockerd?: readonly string[];
}

/**
 * A Docker engine in a container: one that may be stopped and killed. It listens without TLS on a loopback port, so whoever
 * reaches that has root: for tests only.
 */
export class EngineContainer {
  readonly name: string;
  /** Port 8080 of the engine's containers, on this host. */
  readonly port = freePort();
  readonly url = `http://127.0.0.1:${this.port}`;
  private readonly enginePort = freePort();
  readonly host = `tcp://127.0.0.1:${this.enginePort}`;

  constructor(name: string) {
    this.name = `e2e-${name}-${process.pid}`;
  }

  /** Starts it, and waits until it answers. */
  async create({ folder, network, dockerd = [] }: EngineOptions): Promise<void> {
    const flags = {
      name: this.name,
      // overlay2 does not work on top of a container's own overlay.
      volume: '/var/lib/docker',
      // Empty after a stop or a kill, as on a machine that was switched off.
      tmpfs: '/run:exec',
      'device-cgroup-rule': 'a *:* rwm',
      'cap-add': 'ALL',
      'cap-drop': 'SYS_RESOURCE',
      entrypoint: 'sh',
      ...(folder && { mount: `type=bind,source=${folder},target=${folder},readonly` }),
      ...(network && {
        network: network.name,
        'network-alias': network.as,
        ip: network.address,
        hostname: network.as,
      }),
    };
    const open = ['seccomp', 'apparmor', 'systempaths'].flatMap((part) => [
      '--security-opt',
      `${part}=unconfined`,
    ]);
    const ports = [`127.0.0.1:${this.port}:8080`, `127.0.0.1:${this.enginePort}:2375`];
    await docker(
      ...['run', '--detach', '--init', ...open, ...ports.flatMap((port) => ['--publish', port])],
      ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
      ...[image, '-ec', serve, 'dockerd', ...dockerd],
    );
    await this.answers();
  }

  /** `docker …` on this engine. */
  docker(...args: string[]): Promise<string> {
    return docker('--host', this.host, ...args);
  }

  /** Images of the outer engine, copied. */
  async load(...images: string[]): Promise<void> {
    const copy = `docker save ${images.join(' ')} | docker --host ${this.host} load`;
    const { code, output } = await run('bash', ['-o', 'pipefail', '-c', copy]);
    if (code !== 0) throw new Error(`${copy}: ${output}`);
  }

  /** A planned stop: the engine stops its containers, and then itself. */
  async stop(): Promise<void> {
    await docker('stop', '--time', '90', this.name);
  }

  /** A power cut: the engine and all its containers are gone at once. */
  async cutPower(): Promise<void> {
    await docker('kill', this.name);
  }

  async start(): Promise<void> {
    await docker('start', this.name);
    await this.answers();
  }

  async remove(): Promise<void> {
    await docker('rm', '--force', '--volumes', this.name).catch(() => undefined);
  }

  private async answers(): Promise<void> {
    await eventually(30, 'the engine answers', () => isUp(`http://127.0.0.1:${this.enginePort}/_ping`));
  }
}
