import { carrierExceptions, writerExceptions } from '../components/file-volume.ts';
import { composeExceptions } from '../compose/export.ts';
import { secretsJobExceptions, secretsJobName } from '../compose/secrets.ts';
import type { DockerCli } from '../engine/docker-cli.ts';
import { labelKeys } from '../stacks/labels.ts';
import { containerMetricsExceptions, containerMetricsName } from '../stacks/metrics/containers.ts';
import { swarmExceptions } from '../stacks/swarm/differences.ts';
import { isTask, roleOf, rules, type Inside, type Inspected } from './rules.ts';

/** What the rules say of one container. */
export interface Verdict {
  readonly container: string;
  readonly role: string;
  /** Whether it was looked at from inside as well; one that does not run can only be inspected. */
  readonly seenInside: boolean;
  /** `rule: what is wrong`. */
  readonly misses: readonly string[];
  /** `rule: why it is allowed`. */
  readonly exceptions: readonly string[];
}

/** Judges one container. Pure. */
export function judge(container: Inspected, inside: Inside | undefined): Verdict {
  const allowed = exceptionsOf(container);
  const found = rules.flatMap((rule) => {
    const problem = rule.check(container, inside);
    return problem === undefined ? [] : [{ rule: rule.name, problem }];
  });
  return {
    // Of a task's name the last part is its id, which says nothing.
    container: container.Name.replace(/^\//, '').replace(/\.[a-z0-9]{25}$/, ''),
    role: roleOf(container) ?? '?',
    seenInside: inside !== undefined,
    misses: found.filter(({ rule }) => !(rule in allowed)).map(({ rule, problem }) => `${rule}: ${problem}`),
    exceptions: found.filter(({ rule }) => rule in allowed).map(({ rule }) => `${rule}: ${allowed[rule]}`),
  };
}

function exceptionsOf(container: Inspected): Readonly<Record<string, string>> {
  const { Labels } = container.Config;
  if (roleOf(container) === 'loader' && container.Config.User === '0:0') return writerExceptions;
  if (roleOf(container) === 'loader' && !container.State.Running) return carrierExceptions;
  return {
    ...(isTask(container) && swarmExceptions),
    ...('com.docker.compose.project' in Labels && composeExceptions),
    ...(Labels[labelKeys.service] === secretsJobName && secretsJobExceptions),
    ...(Labels[labelKeys.service] === containerMetricsName && containerMetricsExceptions),
  };
}

/** Judges every container of these engines that has the label, such as `product-stack.stack=staging`. @throws DockerError */
export async function auditHardening(engines: readonly DockerCli[], label: string): Promise<Verdict[]> {
  const verdicts = await Promise.all(engines.map((docker) => auditEngine(docker, label)));
  return verdicts.flat().sort((a, b) => a.container.localeCompare(b.container));
}

async function auditEngine(docker: DockerCli, label: string): Promise<Verdict[]> {
  const ids = await docker.lines('ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`);
  if (ids.length === 0) return [];
  const containers = JSON.parse(await docker.run('inspect', ...ids)) as Inspected[];
  return Promise.all(
    containers.map(async (one) =>
      judge(one, one.State.Running ? await lookInside(docker, one.Id) : undefined),
    ),
  );
}

async function lookInside(docker: DockerCli, id: string): Promise<Inside> {
  const script =
    'cat /proc/1/status; if (: >/audit-probe) 2>/dev/null; then rm /audit-probe; echo writable; fi; ' +
    'if grep -q / /proc/swaps; then echo swap; fi';
  const lines = await docker.lines('exec', id, 'sh', '-c', script);
  const status = Object.fromEntries(
    lines.map((line) => line.split(/:\s+/)).filter(({ length }) => length === 2),
  );
  return { status, rootWritable: lines.includes('writable'), hasSwap: lines.includes('swap') };
}
