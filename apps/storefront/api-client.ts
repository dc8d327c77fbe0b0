/** A product as the API shows it. */
export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  /** `amount` is in minor units of the currency (ISO 4217). */
  readonly price: { readonly amount: number; readonly currency: string };
  readonly stock: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What can be written of a product. */
export type ProductInput = Pick<Product, 'sku' | 'name' | 'description' | 'price' | 'stock'>;

/** A page of the list; `nextCursor` is null on the last one. */
export interface ProductPage {
  readonly items: readonly Product[];
  readonly nextCursor: string | null;
}

/** Which part of the list is wanted. */
export interface ListQuery {
  readonly search?: string;
  readonly cursor?: string;
  readonly limit: number;
}

/** A product with the ETag of its version. */
export interface Versioned {
  readonly product: Product;
  readonly etag: string;
}

/** A refusal of the API: a status below 500 and what is wrong, field by field (`field` is a JSON pointer). */
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

/** The ProductAPI as the storefront uses it. Every call throws ApiRefusal or ApiAway, nothing else. */
export interface ProductApi {
  list(query: ListQuery, requestId: string): Promise<ProductPage>;
  read(id: string, requestId: string): Promise<Versioned>;
  /** `key` makes it safe to repeat: the same key never adds a second product. */
  create(input: ProductInput, key: string, requestId: string): Promise<Versioned>;
  update(id: string, etag: string, input: ProductInput, requestId: string): Promise<Versioned>;
  remove(id: string, etag: string, requestId: string): Promise<void>;
}
