import { createRequire } from 'node:module';

/** What is used here of the SDK's runtime/debuggable, which has no type of its own for outside. */
interface Debuggable {
  readonly debugPromiseLeaks: boolean;
  debuggablePromise: (promise: Promise<unknown>, context?: unknown) => Promise<unknown>;
}

const require = createRequire(import.meta.url);

/**
 * Pulumi's SDK keeps a stack trace for each promise that it makes, thousands, and shows them only with PULUMI_DEBUG_PROMISE_LEAKS. With the source maps
 * of tsx a trace costs a millisecond: a quarter of a preview. Leaks are still found, without their traces.
 */
export function withoutStackTraces(): void {
  const debuggable = require('@pulumi/pulumi/runtime/debuggable.js') as Debuggable;
  if (debuggable.debugPromiseLeaks) return;
  const kept = debuggable.debuggablePromise;
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
