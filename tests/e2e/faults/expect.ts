import { join } from 'node:path';
import { expect } from 'chai';
import { sleep, type FaultRow } from '../support/fault.ts';
import { docker } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';

/** Nothing was lost: no read, no write. */
export function lostNothing(row: FaultRow): void {
  expect(row.endings, row.fault).to.deep.equal({});
  expect(row.wrong, 'acknowledged writes that are not there exactly once').to.equal(0);
  expect(row.requests).to.be.greaterThan(500);
}

/** Nothing was lost that can be sent twice: writes without a key may be. */
export function lostNothingRepeatable(row: FaultRow): void {
  const lost = [row.lostReads, row.lostKeyedWrites, row.wrong];
  expect(lost, JSON.stringify(row.endings)).to.deep.equal([0, 0, 0]);
}

/** A file of the stack's own checkout. */
export function fileOf(stack: TestStack, path: string): string {
  return join(stack.folder, path);
}

/** The id of one replica. */
export async function one(stack: TestStack, service: string): Promise<string> {
  return (await stack.replicas(service))[0]!;
}

/** Ends a container in some way, and starts it again when its absence was felt. */
export async function downAndUp(id: string, down: 'stop' | 'kill'): Promise<void> {
  await docker(down, id);
  await sleep(1500);
  await docker('start', id);
}
