import { labelKeys, type Role } from '../stacks/labels.ts';
import { gravest, type Change, type Danger } from './change.ts';
import { dangers, portDanger, stopDanger } from './dangers.ts';
import { publishedBy, type Replicas, type Step } from './plan.ts';
import { isReload, reasonsOf } from './reasons.ts';

/** Containers that do the same together, such as the replicas of one service. */
interface Group {
  readonly what: string;
  readonly operation: Change['operation'];
  readonly steps: readonly Step[];
}

/** What happens to containers, a line for each service and job; candidates and checks go with what they prove. */
export function serviceChanges(containers: readonly Step[], inState: Replicas): Change[] {
  const rolling = new Set(containers.filter((step) => roleOf(step) === 'candidate').map(serviceOf));
  return groups(containers.filter(isShown)).map(({ what, operation, steps }) => ({
    operation,
    what: steps.length > 1 ? `${what} ×${steps.length}` : what,
    reasons: [...new Set(steps.flatMap(reasonsOf)), ...countReason(what, operation, steps.length, inState)],
    danger:
      operation === 'reload' ? undefined : gravest(steps.map((step) => dangerOf(step, rolling, inState))),
  }));
}

function isShown(step: Step): boolean {
  // Earlier releases checked files in a volume of its own.
  return !['check', 'candidate'].includes(roleOf(step)) && !/-files-next-loader$/.test(step.name);
}

function groups(steps: readonly Step[]): Group[] {
  const found = new Map<string, Group>();
  for (const step of steps) {
    const [what, operation] = [headingOf(step), operationOf(step)];
    const key = `${operation} ${what}`;
    found.set(key, { what, operation, steps: [...(found.get(key)?.steps ?? []), step] });
  }
  return [...found.values()];
}

function labelOf({ before, after }: Step, key: string): string | undefined {
  return (after.labels ?? before.labels ?? []).find(({ label }) => label === key)?.value;
}

function roleOf(step: Step): Role {
  return labelOf(step, labelKeys.role) as Role;
}

function serviceOf(step: Step): string {
  return labelOf(step, labelKeys.service) ?? step.name;
}

function headingOf(step: Step): string {
  if (roleOf(step) !== 'loader') return serviceOf(step);
  const kind = step.types.includes('product-stack:index:ConfigVolume') ? 'files' : 'passwords';
  return `${kind} of ${serviceOf(step)}`;
}

function operationOf(step: Step): Change['operation'] {
  const loads = roleOf(step) === 'loader' && step.operation === 'replace';
  return loads || isReload(step) ? 'reload' : step.operation;
}

function countReason(
  service: string,
  operation: Change['operation'],
  count: number,
  inState: Replicas,
): string[] {
  if (operation !== 'create' && operation !== 'delete') return [];
  const before = inState[service];
  if (before === undefined) return [operation === 'create' ? 'new' : 'gone'];
  return [`replicas ${before} → ${operation === 'create' ? before + count : before - count}`];
}

function dangerOf(step: Step, rolling: ReadonlySet<string>, inState: Replicas): Danger | undefined {
  if (roleOf(step) !== 'replica') return undefined;
  if (step.operation === 'delete') return deletionDanger(step, inState);
  const stops = step.operation === 'replace' && !rolling.has(serviceOf(step));
  return gravest([
    portDanger(publishedBy(step.before), publishedBy(step.after)),
    stops ? stopDanger(holdsData(step), publishedBy(step.before).length > 0) : undefined,
  ]);
}

function deletionDanger(step: Step, inState: Replicas): Danger | undefined {
  if ((inState[serviceOf(step)] ?? 1) > 1) return undefined;
  return holdsData(step) ? dangers.databaseDeleted : dangers.serviceDeleted;
}

/** Only data volumes are mounted writable. */
function holdsData({ before, after }: Step): boolean {
  return [...(before.volumes ?? []), ...(after.volumes ?? [])].some(({ readOnly }) => !readOnly);
}
