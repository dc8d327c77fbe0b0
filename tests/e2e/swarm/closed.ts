import type { SwarmBed } from '../support/swarm-bed.ts';
import type { SwarmTestStack } from './swarm-test-stack.ts';

export function closed(_bed: SwarmBed, _target: () => SwarmTestStack): void {}
