import { randomUUID } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { product } from './products.ts';

/** What a client of the load does over and over. */
type Kind = 'page' | 'get' | 'post' | 'keyed-post';

/** How often each kind runs: fifty clients, a third of them with a new connection for every request. */
const mix: readonly [kind: Kind, clients: number, keepAlive: boolean][] = [
  ['page', 8, true],
  ['page', 4, false],
  ['get', 16, true],
  ['get', 8, false],
  ['post', 5, true],
  ['post', 2, false],
  ['keyed-post', 5, true],
  ['keyed-post', 2, false],
];

/** Pause of a client between two requests, milliseconds: constant load that leaves the machine room to do what is tested. */
const pause = 150;

/** What a release says that must never reach a user. */
export const badRelease = 'BAD RELEASE';

/** What a load saw. */
export interface LoadReport {
  readonly requests: number;
  /** Pages and API reads that got anything but 200. */
  readonly lostReads: number;
  /** Writes without an answer of 201; they may or may not have happened. */
  readonly lostWrites: number;
  /** The same of writes with an Idempotency-Key. */
  readonly lostKeyedWrites: number;
  /** Milliseconds of the slowest request, lost ones included. */
  readonly worst: number;
  /** How each lost request ended, and how often. */
  readonly endings: Readonly<Record<string, number>>;
  /** Names of the products whose creation was acknowledged. */
  readonly acknowledged: readonly string[];
}

/** Constant load on one stack, from `start` to `stop`. */
export class Load {
  private readonly url: string;
  private readonly run = randomUUID().slice(0, 8);
  private readonly acknowledged: string[] = [];
  private readonly endings: Record<string, number> = {};
  private readonly lost: Record<Kind, number> = { page: 0, get: 0, post: 0, 'keyed-post': 0 };
  private clients: Promise<void>[] = [];
  private requests = 0;
  private worst = 0;
  private stopping = false;

  constructor(url: string) {
    this.url = url;
  }

  start(): this {
    this.clients = mix.flatMap(([kind, count, keepAlive]) =>
      Array.from({ length: count }, () => this.client(kind, this.agent(keepAlive))),
    );
    return this;
  }

  async stop(): Promise<LoadReport> {
    this.stopping = true;
    await Promise.all(this.clients);
    const { requests, worst, endings, acknowledged, lost } = this;
    const lostReads = lost.page + lost.get;
    return {
      requests,
      worst: Math.round(worst),
      endings,
      acknowledged,
      lostReads,
      lostWrites: lost.post,
      lostKeyedWrites: lost['keyed-post'],
    };
  }

  private agent(keepAlive: boolean): http.Agent {
    const options = { keepAlive, maxSockets: 1, rejectUnauthorized: false };
    return this.url.startsWith('https:') ? new https.Agent(options) : new http.Agent(options);
  }

  private async client(kind: Kind, agent: http.Agent): Promise<void> {
    while (!this.stopping) {
      await this.once(kind, agent);
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
    }
    agent.destroy();
  }

  private async once(kind: Kind, agent: http.Agent): Promise<void> {
    const name = `${this.run}-${++this.requests}`;
    const begun = performance.now();
    const ending = await this.send(kind, name, agent);
    this.worst = Math.max(this.worst, performance.now() - begun);
    const write = kind === 'post' || kind === 'keyed-post';
    if (ending === (write ? '201' : '200')) {
      if (write) this.acknowledged.push(`Test ${name}`);
    } else {
      this.lost[kind]++;
      this.endings[`${kind} ${ending}`] = (this.endings[`${kind} ${ending}`] ?? 0) + 1;
    }
  }

  /** The status of the answer, or what went wrong instead. */
  private send(kind: Kind, name: string, agent: http.Agent): Promise<string> {
    const path = kind === 'page' ? '/' : '/api/products?limit=5';
    const write = kind === 'post' || kind === 'keyed-post';
    const headers = {
      'content-type': 'application/json',
      ...(kind === 'keyed-post' && { 'idempotency-key': `key-${name}` }),
    };
    const options = write ? { method: 'POST', path: '/api/products', headers } : { path };
    const { request: ask } = this.url.startsWith('https:') ? https : http;
    return new Promise((resolve) => {
      const request = ask(this.url, { ...options, agent, timeout: 15_000 }, (answer) => {
        let text = '';
        answer
          .setEncoding('utf8')
          .on('data', (chunk: string) => (text += chunk))
          .on('end', () => resolve(endingOf(answer.statusCode!, text)))
          .on('error', () => resolve('cut off'));
      });
      request.on('timeout', () => request.destroy(new Error('no answer in 15 s')));
      request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      request.end(write ? JSON.stringify(product(name)) : undefined);
    });
  }
}

/** The status; of a failure also who says it, as far as its text tells. */
function endingOf(status: number, text: string): string {
  if (text.includes(badRelease)) return badRelease;
  const [said] = /No replica of|database does not answer|cannot be reached/.exec(text) ?? [];
  return status < 400 || said === undefined ? String(status) : `${status} (${said})`;
}
