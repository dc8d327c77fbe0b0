import { requestIdHeader } from '../kit/request-id.ts';

/** A product as the API shows it. */
export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly price: { readonly amount: number; readonly currency: string };
  readonly stock: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type ProductInput = Pick<Product, 'sku' | 'name' | 'description' | 'price' | 'stock'>;

/** A page of the list. */
export interface ProductPage {
  readonly items: readonly Product[];
  readonly nextCursor: string | null;
}

/** A product with the ETag of its version. */
export interface Versioned {
  readonly product: Product;
  readonly etag: string;
}

/** A refusal of the API: a status below 500 and what is wrong, field by field. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly errors: readonly { field: string; detail: string }[];

  constructor(status: number, detail: string, errors: readonly { field: string; detail: string }[] = []) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

/** The API does not answer, or not in time, or with a fault of its own. */
export class ApiAway extends Error {}

/** The ProductAPI as the storefront uses it. Every call throws ApiRefusal or ApiAway. */
export interface ProductApi {
  list(query: { search?: string; cursor?: string; limit: number }, requestId: string): Promise<ProductPage>;
  read(id: string, requestId: string): Promise<Versioned>;
  create(input: ProductInput, key: string, requestId: string): Promise<Versioned>;
  update(id: string, etag: string, input: ProductInput, requestId: string): Promise<Versioned>;
  remove(id: string, etag: string, requestId: string): Promise<void>;
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: ProductInput;
  readonly requestId: string;
}

/** The API over http, through the gateway at `baseUrl`. */
export class HttpProductApi implements ProductApi {
  private readonly baseUrl: string;
  private readonly timeoutMs: number;

  constructor({ baseUrl, timeoutMs }: { baseUrl: string; timeoutMs: number }) {
    this.baseUrl = baseUrl;
    this.timeoutMs = timeoutMs;
  }

  async list(
    { search, cursor, limit }: { search?: string; cursor?: string; limit: number },
    requestId: string,
  ): Promise<ProductPage> {
    const query = new URLSearchParams({
      limit: String(limit),
      ...(search && { search }),
      ...(cursor && { cursor }),
    });
    const response = await this.call({ path: `?${query}`, requestId });
    return (await response.json()) as ProductPage;
  }

  read(id: string, requestId: string): Promise<Versioned> {
    return this.call({ path: `/${encodeURIComponent(id)}`, requestId }).then(versioned);
  }

  create(body: ProductInput, key: string, requestId: string): Promise<Versioned> {
    return this.call({ method: 'POST', path: '', headers: { 'idempotency-key': key }, body, requestId }).then(
      versioned,
    );
  }

  update(id: string, etag: string, body: ProductInput, requestId: string): Promise<Versioned> {
    const headers = { 'if-match': etag };
    return this.call({ method: 'PUT', path: `/${encodeURIComponent(id)}`, headers, body, requestId }).then(
      versioned,
    );
  }

  async remove(id: string, etag: string, requestId: string): Promise<void> {
    await this.call({
      method: 'DELETE',
      path: `/${encodeURIComponent(id)}`,
      headers: { 'if-match': etag },
      requestId,
    });
  }

  private async call(call: Call): Promise<Response> {
    const response = await this.attempt(call).catch((error: unknown) => {
      // A connection that the gateway closed meanwhile: safe to ask again, once.
      if (isTimeout(error) || !isRepeatable(call)) throw new ApiAway(String(error));
      return this.attempt(call).catch((again: unknown) => Promise.reject(new ApiAway(String(again))));
    });
    if (response.ok) return response;
    if (response.status >= 500) throw new ApiAway(`the API answered ${response.status}`);
    const { detail = response.statusText, errors } = (await response
      .json()
      .catch(() => ({}))) as Partial<ProblemBody>;
    throw new ApiRefusal(response.status, detail, errors);
  }

  private attempt({ method = 'GET', path, headers, body, requestId }: Call): Promise<Response> {
    return fetch(`${this.baseUrl}/api/products${path}`, {
      method,
      headers: {
        [requestIdHeader]: requestId,
        ...headers,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(this.timeoutMs),
    });
  }
}

interface ProblemBody {
  readonly detail: string;
  readonly errors: { field: string; detail: string }[];
}

function isRepeatable({ method = 'GET', headers }: Call): boolean {
  return method === 'GET' || headers?.['idempotency-key'] !== undefined;
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

async function versioned(response: Response): Promise<Versioned> {
  return { product: (await response.json()) as Product, etag: response.headers.get('etag') ?? '' };
}
