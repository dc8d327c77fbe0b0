import { createRequire } from 'node:module';

/*
 * Pulumi's SDK brings what this program never uses, and every command waits for it. Imported first, this leaves it out: a preview takes
 * two thirds of the time. Nothing is lost where one of them is asked for after all.
 */
const ofProgram = createRequire(import.meta.url);
const ofSdk = createRequire(ofProgram.resolve('@pulumi/pulumi'));

// Both are for functions that run in the cloud: the TypeScript compiler reads them, npm's arborist packs what they need.
for (const name of ['typescript', '@npmcli/arborist']) loadWhenUsed(name);
if (resolved('./runtime/debuggable.js')) withoutStackTraces();

function loadWhenUsed(name: string): void {
  const file = resolved(name);
  if (file === undefined || ofSdk.cache[file]) return;
  const load = () => {
    Reflect.deleteProperty(ofSdk.cache, file);
    return ofSdk(name) as Record<string | symbol, unknown>;
  };
  let loaded: ReturnType<typeof load> | undefined;
  const get = (_: object, key: string | symbol) => key === '__esModule' || (loaded ??= load())[key];
  ofSdk.cache[file] = {
    id: file,
    filename: file,
    loaded: true,
    exports: new Proxy({}, { get }),
  } as NodeJS.Module;
}

/** What an SDK of another version does not have needs no shortcut. */
function resolved(name: string): string | undefined {
  try {
    return ofSdk.resolve(name);
  } catch {
    return undefined;
  }
}

/** What is used here of the SDK's runtime/debuggable, which has no type of its own for outside. */
interface Debuggable {
  readonly debugPromiseLeaks: boolean;
  debuggablePromise: (promise: Promise<unknown>, context?: unknown) => Promise<unknown>;
}

/**
 * It keeps a stack trace for each promise that it makes, thousands, and shows them only with PULUMI_DEBUG_PROMISE_LEAKS. With the
 * source maps of tsx a trace costs a millisecond. Leaks are still found, without their traces.
 */
function withoutStackTraces(): void {
  const debuggable = ofSdk('./runtime/debuggable.js') as Partial<Debuggable>;
  const kept = debuggable.debuggablePromise;
  if (debuggable.debugPromiseLeaks || !kept) return;
  debuggable.debuggablePromise = (promise, context) => shallow(() => kept(promise, context));
}

function shallow<Value>(make: () => Value): Value {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
