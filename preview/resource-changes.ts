import { egressOf } from '../stacks/topology.ts';
import type { Change, Danger } from './change.ts';
import { dangers, postgresMajor } from './dangers.ts';
import { typeOf, type Step } from './plan.ts';
import { reasonsOf } from './reasons.ts';

const kinds: Readonly<Record<string, string>> = {
  RemoteImage: 'image',
  Volume: 'volume',
  Network: 'network',
  RandomPassword: 'password',
  PrivateKey: 'key',
  SelfSignedCert: 'certificate',
};

/** What happens to images, data volumes, networks and passwords; volumes that only carry files are left out. */
export function resourceChanges(steps: readonly Step[]): Change[] {
  const majors = postgresMajors(steps);
  return steps
    .filter((step) => typeOf(step) !== 'Volume' || isData(step))
    .map((step) => ({
      operation: step.operation,
      what: `${kinds[typeOf(step)] ?? typeOf(step)} ${step.name}`,
      reasons: reasons(step),
      danger: dangerOf(step, majors),
    }));
}

function reasons(step: Step): string[] {
  if (step.operation === 'create') return ['new'];
  return step.operation === 'delete' ? ['no longer used'] : reasonsOf(step);
}

function isData({ types }: Step): boolean {
  return types.includes('product-stack:index:DataVolume');
}

function dangerOf(step: Step, majors: ReadonlySet<number>): Danger | undefined {
  const { operation, properties } = step;
  const type = typeOf(step);
  if (type === 'Volume' && operation === 'delete') return dangers.volumeDeleted;
  if (type === 'Volume' && operation === 'replace') return dangers.volumeReplaced;
  if (type === 'Network' && operation === 'create' && step.name.endsWith(egressOf({ name: '' })))
    return dangers.wayOut;
  // The generation is how a password is rotated, which loses nobody.
  const rotated = operation === 'replace' && properties.every((property) => property === 'keepers');
  if (type === 'RandomPassword' && operation !== 'create' && !rotated) return dangers.passwordReplaced;
  const other = operation === 'create' && postgresMajor(step.name) !== undefined && majors.size > 1;
  return other ? dangers.majorVersion : undefined;
}

/** Postgres major versions among the images that come and go. */
function postgresMajors(steps: readonly Step[]): ReadonlySet<number> {
  const images = steps.filter((step) => typeOf(step) === 'RemoteImage');
  return new Set(images.map(({ name }) => postgresMajor(name)).filter((major) => major !== undefined));
}
