import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { requestIdHeader } from '../kit/request-id.ts';
import {
  ApiAway,
  ApiRefusal,
  type ListQuery,
  type Product,
  type ProductApi,
  type ProductInput,
  type ProductPage,
  type Versioned,
} from './api-client.ts';

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: ProductInput;
  readonly requestId: string;
}

interface Answer {
  readonly status: number;
  readonly etag: string;
  readonly body: unknown;
}

/** How long a connection may be idle, milliseconds: much shorter than the gateway keeps it, so that none is met while it closes. */
const idleMs = 4000;

/** The API over http, through the gateway at `baseUrl`. A call takes at most `timeoutMs`, its repetition included. */
export class HttpProductApi implements ProductApi {
  private readonly products: string;
  private readonly timeoutMs: number;
  private readonly request: typeof http.request;
  private readonly agent: http.Agent;

  constructor({ baseUrl, timeoutMs }: { baseUrl: string; timeoutMs: number }) {
    const { request, Agent } = baseUrl.startsWith('https:') ? https : http;
    this.request = request;
    this.agent = new Agent({ keepAlive: true, timeout: idleMs });
    this.products = `${baseUrl.replace(/\/+$/, '')}/api/products`;
    this.timeoutMs = timeoutMs;
  }

  async list({ limit, ...wanted }: ListQuery, requestId: string): Promise<ProductPage> {
    const query = new URLSearchParams({ limit: String(limit), ...wanted });
    return (await this.call({ path: `?${query}`, requestId })).body as ProductPage;
  }

  read(id: string, requestId: string): Promise<Versioned> {
    return this.call({ path: pathOf(id), requestId }).then(versioned);
  }

  create(body: ProductInput, key: string, requestId: string): Promise<Versioned> {
    const headers = { 'idempotency-key': key };
    return this.call({ method: 'POST', path: '', headers, body, requestId }).then(versioned);
  }

  update(id: string, etag: string, body: ProductInput, requestId: string): Promise<Versioned> {
    const headers = { 'if-match': etag };
    return this.call({ method: 'PUT', path: pathOf(id), headers, body, requestId }).then(versioned);
  }

  async remove(id: string, etag: string, requestId: string): Promise<void> {
    await this.call({ method: 'DELETE', path: pathOf(id), headers: { 'if-match': etag }, requestId });
  }

  private async call(call: Call): Promise<Answer> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    const answer = await this.attempt(call, signal)
      // The connection broke, perhaps because its other end was just replaced. What is safe to repeat is tried again, once.
      .catch((error: unknown) => {
        if (signal.aborted || !isRepeatable(call)) throw error;
        return this.attempt(call, signal);
      })
      .catch((cause: unknown) => {
        throw new ApiAway(`the API at ${this.products} does not answer`, { cause });
      });
    return accepted(answer);
  }

  // Not fetch, which took more than half of a page's CPU.
  private attempt(call: Call, signal: AbortSignal): Promise<Answer> {
    const { method = 'GET', path, headers, body, requestId } = call;
    const options = {
      ...{ method, signal, agent: this.agent },
      headers: {
        accept: 'application/json',
        [requestIdHeader]: requestId,
        ...headers,
        ...(body && { 'content-type': 'application/json' }),
      },
    };
    return new Promise((resolve, reject) => {
      const answered = (response: IncomingMessage) => void read(response).then(resolve, reject);
      const request = this.request(this.products + path, options, answered);
      request.once('error', reject);
      request.end(body && JSON.stringify(body));
    });
  }
}

/** Reads to the end, whatever it says: only then can the connection serve the next call. */
async function read(response: IncomingMessage): Promise<Answer> {
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400) throw new Error(`the API sends elsewhere, with ${statusCode}`);
  return { status: statusCode, etag: headers.etag ?? '', body: parse(await text(response)) };
}

function accepted(answer: Answer): Answer {
  const { status, body } = answer;
  if (status >= 500) throw new ApiAway(`the API answered ${status}`);
  if (status >= 400) {
    const { detail, errors } = (body ?? {}) as { detail?: string; errors?: ApiRefusal['errors'] };
    throw new ApiRefusal(status, detail ?? `the API answered ${status}`, Array.isArray(errors) ? errors : []);
  }
  if (status !== 204 && body === undefined) throw new ApiAway(`the API answered ${status} without JSON`);
  return answer;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function pathOf(id: string): string {
  return `/${encodeURIComponent(id)}`;
}

function isRepeatable({ method = 'GET', headers }: Call): boolean {
  return method === 'GET' || headers?.['idempotency-key'] !== undefined;
}

function versioned({ body, etag }: Answer): Versioned {
  return { product: body as Product, etag };
}
