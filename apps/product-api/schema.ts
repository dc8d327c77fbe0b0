import Type, { type Static } from 'typebox';

// Postgres stores neither NUL nor half a surrogate pair. One star only in a pattern: with two, 64 KiB of text would keep the process
// busy for seconds.
const storable = { format: 'well-formed' };
const noNul = '^[^\\u0000]*$';

const fields = {
  sku: Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
    description: 'Unique.',
    examples: ['MUG-01'],
  }),
  name: Type.String({
    ...storable,
    minLength: 1,
    maxLength: 200,
    pattern: '^[^\\s\\u0000][^\\u0000]*$',
    description: 'Does not begin with a space.',
    examples: ['Enamel mug'],
  }),
  description: Type.String({
    ...storable,
    maxLength: 5000,
    pattern: noNul,
    examples: ['Holds tea, and more.'],
  }),
  price: Type.Object(
    {
      amount: Type.Integer({
        minimum: 0,
        maximum: 1_000_000_000_000,
        description: 'In minor units: cents for EUR.',
        examples: [1250],
      }),
      currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217.', examples: ['EUR'] }),
    },
    { additionalProperties: false },
  ),
  stock: Type.Integer({ minimum: 0, maximum: 1_000_000_000, examples: [3] }),
};

/** What a client writes of a product. */
export const ProductInput = Type.Object(fields, { additionalProperties: false, $id: 'ProductInput' });
export type ProductInput = Static<typeof ProductInput>;

/** A product as it is read. */
export const Product = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    ...fields,
    createdAt: Type.String({ format: 'date-time' }),
    updatedAt: Type.String({ format: 'date-time' }),
  },
  { $id: 'Product' },
);
export type Product = Static<typeof Product>;

/** A page of the list, newest first. */
export const ProductPage = Type.Object(
  { items: Type.Array(Product), nextCursor: Type.Unsafe<string | null>({ type: ['string', 'null'] }) },
  { $id: 'ProductPage' },
);
export type ProductPage = Static<typeof ProductPage>;

/** Query of the list. */
export const ListQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
    cursor: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{22}$',
        description: 'nextCursor of the page before.',
      }),
    ),
    search: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 100,
        ...storable,
        pattern: noNul,
        description: 'Part of the name, in any case.',
      }),
    ),
  },
  { additionalProperties: false },
);
/** The query as a handler sees it, with its defaults. */
export type ListQuery = Static<typeof ListQuery> & { limit: number };

export const IdParams = Type.Object({
  id: Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' }),
});
export type IdParams = Static<typeof IdParams>;

/** RFC 9457. */
export const ProblemDocument = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), detail: Type.String() }))),
  },
  { $id: 'Problem' },
);

export const ifMatchHeader = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'ETag of the version that you have seen. Needed: 428 without.',
    }),
  ),
});
export const idempotencyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 8,
      maxLength: 128,
      pattern: '^[\\x21-\\x7e]+$',
      description: 'Makes a repeated request safe: it gets the answer of the first, for a day.',
    }),
  ),
});

/** What other schemas refer to by name. */
export const schemas = [ProblemDocument, Product, ProductPage, ProductInput];
