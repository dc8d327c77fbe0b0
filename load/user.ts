import { Client } from 'undici';
import type { Recorder } from './recorder.ts';

/** What a user asks for. */
export interface Ask {
  /** What the report calls it. */
  readonly route: string;
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** An object is sent as JSON, URLSearchParams as a form. */
  readonly body?: object;
  readonly headers?: Record<string, string>;
  /** The status that is right; any other counts as lost. Default: 200. */
  readonly expect?: number;
}

/** A good answer. */
export interface Answer {
  readonly text: string;
  readonly headers: Record<string, string | string[] | undefined>;
}

/** The request that a user just made was lost; it is counted, and the user starts over. */
export class Lost extends Error {}

/** Longest time that a user waits for an answer, milliseconds. */
const patience = 15_000;

/** One user with one connection of its own, which is opened anew when it ends. */
export class User {
  /** Counts users from 0. */
  readonly number: number;
  private readonly client: Client;
  private readonly recorder: Recorder;
  private readonly pauseMs: number;

  constructor(number: number, url: string, recorder: Recorder, pauseMs: number) {
    this.number = number;
    this.recorder = recorder;
    this.pauseMs = pauseMs;
    const connect = { rejectUnauthorized: false, timeout: 5000 };
    this.client = new Client(url, { connect, headersTimeout: patience, bodyTimeout: patience });
    this.client.on('connect', () => recorder.connections++);
    this.client.on('disconnect', () => recorder.connections--);
  }

  /** Asks, and takes down how it went. @throws Lost when the answer is not the right one. */
  async ask(ask: Ask): Promise<Answer> {
    if (this.pauseMs > 0) await sleep(this.pauseMs * (0.5 + Math.random()));
    const begun = performance.now();
    this.recorder.inFlight++;
    const outcome = await this.send(ask).catch((error: unknown) => nameOf(error));
    this.recorder.inFlight--;
    const ms = performance.now() - begun;
    const error = typeof outcome === 'string' ? outcome : undefined;
    this.recorder.add(ask.route, ms, error);
    if (typeof outcome !== 'string') return outcome;
    // Nobody asks a shop that is closed a thousand times a second.
    await sleep(100);
    throw new Lost(outcome);
  }

  /** Ends the connection when the last answer is there. */
  close(): Promise<void> {
    return this.client.close().catch(() => undefined);
  }

  private async send({
    path,
    method = 'GET',
    body,
    headers = {},
    expect = 200,
  }: Ask): Promise<Answer | string> {
    const form = body instanceof URLSearchParams;
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
    const response = await this.client.request({
      path,
      method,
      headers: { ...headers, ...(body && { 'content-type': type }) },
      body: body ? (form ? String(body) : JSON.stringify(body)) : null,
    });
    const text = await response.body.text();
    return response.statusCode === expect ? { text, headers: response.headers } : String(response.statusCode);
  }
}

// Errors of sockets and of undici have a code (ECONNREFUSED, UND_ERR_SOCKET: the connection ended before the answer).
function nameOf(error: unknown): string {
  return (error as { code?: string }).code ?? (error as Error).message;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
