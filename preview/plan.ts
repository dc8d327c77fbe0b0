/** A container's inputs as far as they are shown: never its environment's values, its files' contents or its command. */
export interface ContainerInputs {
  readonly envs?: readonly string[];
  readonly image?: string;
  readonly memory?: number;
  readonly cpus?: string;
  readonly ports?: readonly { ip: string; external: number; internal: number }[];
  readonly labels?: readonly { label: string; value: string }[];
  readonly volumes?: readonly { containerPath: string; readOnly: boolean; volumeName: string }[];
  /** Of a RemoteImage, a Volume or a Network. */
  readonly name?: string;
}

/** One step of `pulumi preview --json`. */
export interface RawStep {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: { readonly inputs?: ContainerInputs; readonly outputs?: Record<string, unknown> };
  readonly newState?: { readonly inputs?: ContainerInputs };
  readonly replaceReasons?: readonly string[] | null;
  readonly diffReasons?: readonly string[] | null;
}

/** `pulumi preview --json`, as far as it is read here. */
export interface RawPlan {
  readonly steps?: readonly RawStep[];
  readonly diagnostics?: readonly { readonly message: string; readonly severity: string }[];
}

/** A step on one resource, taken apart. */
export interface Step {
  readonly operation: 'create' | 'replace' | 'delete' | 'update';
  /** Types from the outermost component to the resource itself, such as `docker:index/container:Container`. */
  readonly types: readonly string[];
  readonly name: string;
  readonly before: ContainerInputs;
  readonly after: ContainerInputs;
  /** Names of the properties that are the reason. */
  readonly properties: readonly string[];
}

const operations = new Set(['create', 'replace', 'delete', 'update']);

/** The steps that change something; what stays as it is, components and providers are left out. */
export function stepsOf({ steps = [] }: RawPlan): Step[] {
  return steps
    .filter(({ op }) => operations.has(op))
    .map(step)
    .filter(isResource);
}

function step({ op, urn, oldState, newState, replaceReasons, diffReasons }: RawStep): Step {
  const [types = '', ...name] = urn.split('::').slice(2);
  return {
    operation: op as Step['operation'],
    types: types.split('$'),
    name: name.join('::'),
    before: oldState?.inputs ?? {},
    after: newState?.inputs ?? {},
    properties: [...new Set([...(replaceReasons ?? []), ...(diffReasons ?? [])])],
  };
}

function isResource({ types }: Step): boolean {
  return /^(docker|random|tls):/.test(types.at(-1)!);
}

/** Last part of a resource's type: `Container`, `RemoteImage`, `Volume`, … */
export function typeOf({ types }: Step): string {
  return types.at(-1)!.split(':').at(-1)!;
}

/** Published ports as `address:port`. */
export function publishedBy({ ports = [] }: ContainerInputs): string[] {
  return ports.map(({ ip, external }) => `${ip}:${external}`);
}

/** Replicas by service. */
export type Replicas = Readonly<Record<string, number>>;

/** Replicas as the state has them; none for a stack that is not up. */
export function replicasInState({ steps = [] }: RawPlan): Replicas {
  const stack = steps.find(({ urn }) => urn.includes('::pulumi:pulumi:Stack::'));
  return (stack?.oldState?.outputs?.['replicas'] ?? {}) as Replicas;
}

/** What the run complained about, without Pulumi's prefix. */
export function errorsOf({ diagnostics = [] }: RawPlan): string[] {
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message.replace(/^error:\s*/, '').trim());
}
