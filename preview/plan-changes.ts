import type { Change } from './change.ts';
import { serviceChanges } from './container-changes.ts';
import { replicasInState, stepsOf, typeOf, type RawPlan } from './plan.ts';
import { resourceChanges } from './resource-changes.ts';

/** What `up` would do: a line for each service and job, then images, volumes, networks and passwords. */
export function planChanges(plan: RawPlan): Change[] {
  const steps = stepsOf(plan);
  return [
    ...serviceChanges(
      steps.filter((step) => typeOf(step) === 'Container'),
      replicasInState(plan),
    ),
    ...resourceChanges(steps.filter((step) => typeOf(step) !== 'Container')),
  ];
}
