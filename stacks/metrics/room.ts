import type { Settings } from '../settings.ts';
import { scrapeSeconds } from './targets.ts';

/** Series that a stack has within an hour; measured: 1,220 with 2 product-apis and 1 storefront, and a release makes the apps' anew. */
const leastSeries = 5000;

type Room = Pick<Settings, 'metrics.keepDays' | 'metrics.diskMiB'>;

/** How many series fill the room in the time that they are kept: a sample takes a byte at most, mostly half of one. */
export function mostSeries(settings: Room): number {
  return Math.floor((settings['metrics.diskMiB'] * 2 ** 20) / samplesOfOne(settings));
}

/** The smallest room in MiB that a stack's metrics fit into. */
export function leastMiB(settings: Room): number {
  return Math.ceil((leastSeries * samplesOfOne(settings)) / 2 ** 20);
}

function samplesOfOne(settings: Room): number {
  return (settings['metrics.keepDays'] * 86_400) / scrapeSeconds;
}
