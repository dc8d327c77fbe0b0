import { styleText } from 'node:util';

/** One thing that `npm run doctor` looked at. */
export interface Finding {
  /** What was looked at. */
  readonly about: string;
  /** `wrong` keeps `up` from working, `odd` may do so later. */
  readonly verdict: 'good' | 'odd' | 'wrong';
  /** What was seen. */
  readonly seen: string;
  /** One line that mends it; empty when nothing is to do. */
  readonly mend: string;
}

/** All is well. */
export function good(about: string, seen: string): Finding {
  return { about, verdict: 'good', seen, mend: '' };
}

/** `up` will not work like this. */
export function wrong(about: string, seen: string, mend: string): Finding {
  return { about, verdict: 'wrong', seen, mend };
}

/** It works, but not for ever. */
export function odd(about: string, seen: string, mend: string): Finding {
  return { about, verdict: 'odd', seen, mend };
}

/** The findings for a person: what is good on a line each, what is not with the way to mend it. */
export function findingsText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ about }) => about.length));
  const marks = {
    good: styleText('green', 'ok'),
    odd: styleText('yellow', '!!'),
    wrong: styleText('red', 'no'),
  };
  return findings
    .flatMap(({ about, verdict, seen, mend }) => [
      `${marks[verdict]}  ${about.padEnd(width)}  ${seen}`,
      ...(mend === '' ? [] : [`    ${' '.repeat(width)}  ${mend}`]),
    ])
    .join('\n');
}

/** Node.js as text, such as `v20.19.0`. */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? good('Node.js', version)
    : wrong('Node.js', `${version} is too old`, 'Install Node.js 20.19 or newer: https://nodejs.org');
}

/** How far the engine's clock is from this machine's, milliseconds. */
export function clockFinding(skew: number): Finding {
  const seconds = Math.round(Math.abs(skew) / 1000);
  return seconds <= 5
    ? good('clock', 'the engine agrees with this machine')
    : odd(
        'clock',
        `the engine is ${seconds} s ${skew < 0 ? 'behind' : 'ahead'}`,
        'Set the time on both by NTP: timedatectl set-ntp true',
      );
}

/** Free bytes where the engine keeps images and volumes; undefined when that is on another machine. */
export function diskFinding(free: number | undefined): Finding {
  if (free === undefined) return good('disk', 'on another machine, not looked at');
  const gib = free / 2 ** 30;
  const seen = `${gib.toFixed(1)} GiB free`;
  if (gib >= 5) return good('disk', seen);
  const mend = 'Remove images that nothing uses: docker image prune';
  return gib >= 1 ? odd('disk', seen, mend) : wrong('disk', seen, mend);
}

/** A proxy that may have a certificate authority of its own. */
export function proxyFinding(env: Readonly<Record<string, string | undefined>>): Finding {
  const proxy = env['HTTPS_PROXY'] ?? env['https_proxy'];
  if (proxy === undefined) return good('proxy', 'none');
  const shown = proxy.replace(/\/\/[^@/]*@/, '//…@');
  return env['NODE_EXTRA_CA_CERTS']
    ? good('proxy', `${shown}, with its own certificate authority`)
    : odd(
        'proxy',
        shown,
        'If downloads fail with a certificate error: export NODE_EXTRA_CA_CERTS=/path/to/proxy-ca.pem',
      );
}

/** Locks and operations that a dead `up` left in the state. */
export function stateFinding({ locks, pending }: { locks: readonly string[]; pending: number }): Finding {
  if (locks.length > 0)
    return wrong(
      'state',
      `locked by ${locks.join(', ')}`,
      'Wait for that command; if its process is gone: pulumi cancel',
    );
  return pending === 0
    ? good('state', 'not locked, nothing half done')
    : odd(
        'state',
        `an up ended in the middle of ${pending} operation${pending === 1 ? '' : 's'}`,
        'Run: pulumi refresh --clear-pending-creates, then pulumi up',
      );
}

/** Containers that Pulumi made and the engine no longer has. */
export function removedFinding(removed: readonly string[]): Finding {
  return removed.length === 0
    ? good('containers', 'all that Pulumi made are there')
    : wrong('containers', `removed by hand: ${removed.join(', ')}`, 'Run: pulumi refresh, then pulumi up');
}
