import { labelKeys, type Role } from '../stacks/labels.ts';
import { maxRestarts } from '../stacks/topology.ts';

/** What `docker inspect` tells of a container, as far as the rules read it. */
export interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Running: boolean; readonly Health?: unknown };
  readonly Config: {
    readonly Image: string;
    readonly User: string;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly HostConfig: {
    readonly Binds: readonly string[] | null;
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    readonly Devices: readonly unknown[] | null;
    readonly IpcMode: string;
    readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
    readonly Memory: number;
    readonly MemorySwap: number;
    readonly NanoCpus: number;
    readonly NetworkMode: string;
    readonly PidMode: string;
    readonly PortBindings: Readonly<Record<string, readonly { HostIp: string; HostPort: string }[]>> | null;
    readonly Privileged: boolean;
    readonly ReadonlyRootfs: boolean;
    readonly RestartPolicy: { readonly Name: string; readonly MaximumRetryCount: number };
    readonly SecurityOpt: readonly string[] | null;
    readonly UTSMode: string;
  };
  readonly Mounts: readonly { readonly Source: string }[];
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
}

/** What was seen inside a running container. */
export interface Inside {
  /** Fields of /proc/1/status: `Uid`, `CapEff`, `Seccomp`, … */
  readonly status: Readonly<Record<string, string>>;
  /** Whether a file could be written to /. */
  readonly rootWritable: boolean;
  /** Whether its machine has swap. */
  readonly hasSwap?: boolean;
}

/** One thing that every container must satisfy. */
export interface Rule {
  readonly name: string;
  /** What is wrong, or undefined. */
  check(container: Inspected, inside: Inside | undefined): string | undefined;
}

const must = (ok: boolean, problem: string): string | undefined => (ok ? undefined : problem);

/** The role of a container in its stack. */
export function roleOf({ Config }: Inspected): Role | undefined {
  return Config.Labels[labelKeys.role] as Role | undefined;
}

/** Whether a Swarm made it. Of some rules a Swarm says nothing; what holds instead is in stacks/swarm/differences.ts. */
export function isTask({ Config }: Inspected): boolean {
  return 'com.docker.swarm.task.id' in Config.Labels;
}

const serves = (container: Inspected) => roleOf(container) === 'replica';

/** docker-bench-security's list for containers, stricter where it lets things pass (section 5 of the CIS Docker Benchmark). */
export const rules: readonly Rule[] = [
  {
    name: 'user',
    check: ({ Config: { User } }, inside) =>
      must(/^[1-9]\d*(:[1-9]\d*)?$/.test(User), `runs as "${User}"`) ??
      (inside &&
        must(!/\b0\b/.test(inside.status['Uid'] ?? '0'), `process 1 has uid ${inside.status['Uid']}`)),
  },
  {
    name: 'capabilities',
    check: ({ HostConfig: { CapDrop, CapAdd } }, inside) =>
      must(CapDrop?.join() === 'ALL', `drops ${CapDrop?.join() || 'none'}`) ??
      must(!CapAdd?.length, `adds ${CapAdd?.join()}`) ??
      (inside && capabilitiesInside(inside)),
  },
  {
    name: 'read-only',
    check: ({ HostConfig: { ReadonlyRootfs } }, inside) =>
      must(ReadonlyRootfs, 'its file system can be written') ??
      (inside && must(!inside.rootWritable, 'a file could be written to /')),
  },
  {
    name: 'no new privileges',
    check: (container, inside) =>
      must(
        isTask(container) ||
          (container.HostConfig.SecurityOpt?.some((option) => /^no-new-privileges(:true)?$/.test(option)) ??
            false),
        'is not set',
      ) ??
      (inside && must(inside.status['NoNewPrivs'] === '1', 'is not in force')),
  },
  {
    name: 'seccomp',
    check: ({ HostConfig: { SecurityOpt } }, inside) =>
      must(!SecurityOpt?.some((option) => option.includes('unconfined')), 'is off') ??
      (inside && must(inside.status['Seccomp'] === '2', 'is not in force')),
  },
  {
    name: 'isolation',
    check: ({ HostConfig }) =>
      must(!HostConfig.Privileged, 'is privileged') ??
      must(!HostConfig.Devices?.length, 'has devices of the host') ??
      must(
        ![HostConfig.NetworkMode, HostConfig.PidMode, HostConfig.IpcMode, HostConfig.UTSMode].includes(
          'host',
        ),
        'shares a namespace with the host',
      ),
  },
  {
    name: 'no docker.sock',
    check: ({ Mounts }) =>
      must(!Mounts.some(({ Source }) => /docker\.sock/.test(Source)), 'can command the engine'),
  },
  {
    name: 'pinned image',
    check: ({ Config: { Image } }) =>
      must(/(^|@)sha256:[0-9a-f]{64}$/.test(Image), `is whatever ${Image} means today`),
  },
  {
    name: 'networks',
    check: ({ NetworkSettings: { Networks } }) =>
      must(!('bridge' in Networks), 'is on docker0, with strangers'),
  },
  {
    name: 'ports',
    check: ({ HostConfig: { PortBindings } }) => {
      const bindings = Object.values(PortBindings ?? {}).flat();
      const open = bindings.filter(({ HostIp }) => ['', '0.0.0.0', '::'].includes(HostIp));
      const low = bindings.filter(({ HostPort }) => Number(HostPort) < 1025);
      return (
        must(open.length === 0, `${open[0]?.HostPort} is open on every interface`) ??
        must(low.length === 0, `${low[0]?.HostPort} is a privileged port`)
      );
    },
  },
  {
    name: 'limits',
    check: (container, inside) => {
      const { Memory, MemorySwap, NanoCpus } = container.HostConfig;
      const mayNotSwap = isTask(container) ? !inside?.hasSwap : MemorySwap === Memory;
      return (
        must(Memory > 0, 'has no memory limit') ??
        must(mayNotSwap, 'may swap') ??
        must(NanoCpus > 0, 'has no CPU limit')
      );
    },
  },
  {
    name: 'restarts',
    check: (container) => {
      const { Name, MaximumRetryCount: count } = container.HostConfig.RestartPolicy;
      // A Swarm restarts its tasks itself, by the policy of the service.
      if (!serves(container) || isTask(container))
        return must(Name === 'no' || Name === '', `restarts "${Name}"`);
      return must(
        Name === 'on-failure' && count >= 1 && count <= maxRestarts,
        `restarts "${Name}", ${count} times`,
      );
    },
  },
  {
    name: 'health',
    check: (container) =>
      must(!serves(container) || container.State.Health !== undefined, 'has no health check'),
  },
  {
    name: 'log rotation',
    check: ({ HostConfig: { LogConfig } }) =>
      must(Boolean(LogConfig.Config['max-size'] && LogConfig.Config['max-file']), 'logs without end'),
  },
];

function capabilitiesInside({ status }: Inside): string | undefined {
  const held = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].filter(
    (set) => !/^0+$/.test(status[set] ?? ''),
  );
  return must(held.length === 0, `process 1 has ${held.map((set) => `${set} ${status[set]}`).join(', ')}`);
}
