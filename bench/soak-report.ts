import { sum, type Measured } from '../load/recorder.ts';
import { median } from '../load/percentile.ts';
import { describeErrors } from '../load/summary.ts';
import { figure, markdownTable } from '../load/text-table.ts';

/** Memory of a container at one moment: what the kernel cannot take back, MiB. */
export interface Sample {
  /** Seconds since the beginning. */
  readonly at: number;
  readonly container: string;
  readonly service: string;
  readonly mebibytes: number;
}

/** A container's memory when it had settled, and at its end; MiB. */
export interface Growth {
  readonly service: string;
  readonly start: number;
  readonly end: number;
  readonly samples: number;
}

/** Noise: what a garbage collector or a new connection makes of it from one moment to the next. */
const noise = { part: 0.2, mebibytes: 16 };

/** A container needs so many samples for a start and an end. */
const enough = 6;

/** The first and the last third of each container's samples, each by its median; the very first sample is of a process that warms up. */
export function growths(samples: readonly Sample[]): Growth[] {
  const containers = [...new Set(samples.map(({ container }) => container))];
  return containers.flatMap((container) => {
    const own = samples.filter((one) => one.container === container).slice(1);
    if (own.length < enough) return [];
    const third = Math.floor(own.length / 3);
    const [start, end] = [own.slice(0, third), own.slice(-third)].map((part) =>
      median(part.map(({ mebibytes }) => mebibytes)),
    );
    return [{ service: own[0]!.service, start: start!, end: end!, samples: own.length }];
  });
}

/** Those that grew by more than noise. */
export function grown(samples: readonly Sample[]): Growth[] {
  return growths(samples).filter(
    ({ start, end }) => end - start > noise.mebibytes && end > start * (1 + noise.part),
  );
}

/** The tables as Markdown. */
export function soakReport(
  { total, seconds }: Pick<Measured, 'total' | 'seconds'>,
  samples: readonly Sample[],
  released: { from: number; to: number },
  { minutes, vus, machine }: { minutes: number; vus: number; machine: string },
): string {
  const errors = sum(total.errors);
  const larger = grown(samples);
  return [
    `\`npm run soak -- --minutes ${minutes} --vus ${vus}\`: ${machine}. A release of product-api and storefront from second ${figure(released.from)} to ${figure(released.to)} of ${figure(seconds)}.`,
    markdownTable(
      ['users', 'requests', 'per second', 'p50 ms', 'p99 ms', 'max ms', 'lost'],
      [
        [
          vus,
          ...[total.requests, total.rate, total.p50, total.p99, total.max].map(figure),
          describeErrors(total),
        ],
      ],
    ),
    '**Memory**, MiB that the kernel cannot take back; the median of the first and of the last third of a container’s life',
    markdownTable(
      ['container of', 'at the start', 'at the end'],
      growths(samples)
        .sort((a, b) => a.service.localeCompare(b.service))
        .map(({ service, start, end }) => [service, figure(start), figure(end)]),
    ),
    `Goals: no lost request: ${errors}, ${errors === 0 ? 'met' : '**missed**'}; no container grows by more than ${noise.part * 100} % and ${noise.mebibytes} MiB: ${larger.length > 0 ? `**missed** by ${larger.map(({ service }) => service).join(', ')}` : 'met'}.`,
  ].join('\n\n');
}
