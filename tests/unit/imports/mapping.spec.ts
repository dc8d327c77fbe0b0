import { expect } from 'chai';
import { mapColumns, type Wishes } from '../../../imports/mapping.ts';

const nothing: Wishes = { map: [] };

/** What each field comes from, by name. */
function named(columns: string[], wishes: Partial<Wishes> = {}): Record<string, string> {
  const { from } = mapColumns(columns, { ...nothing, ...wishes });
  return Object.fromEntries(Object.entries(from).map(([field, at]) => [field, columns[at]!]));
}

describe('columns of an import', () => {
  const cases: { what: string; columns: string[]; wishes?: Partial<Wishes>; expected: object }[] = [
    {
      what: 'are found by their names, however they are written',
      columns: [
        'Product ID',
        'SKU',
        'productName',
        'desc',
        'Unit Price',
        'Currency-Code',
        'QTY',
        'createdAt',
      ],
      expected: {
        ...{ id: 'Product ID', sku: 'SKU', name: 'productName', description: 'desc', price: 'Unit Price' },
        ...{ currency: 'Currency-Code', stock: 'QTY', created_at: 'createdAt' },
      },
    },
    {
      what: 'of our own table are those of our own table',
      columns: ['id', 'sku', 'name', 'price_amount', 'price_currency', 'stock', 'version', 'created_at'],
      expected: {
        ...{ id: 'id', sku: 'sku', name: 'name', price_cents: 'price_amount', currency: 'price_currency' },
        ...{ stock: 'stock', created_at: 'created_at' },
      },
    },
    {
      what: 'of two prices are the smallest units',
      columns: ['id', 'title', 'price', 'price_cents', 'currency'],
      expected: { id: 'id', name: 'title', price_cents: 'price_cents', currency: 'currency' },
    },
    {
      what: 'of two prices are the one that is asked for',
      columns: ['id', 'title', 'price', 'price_cents', 'currency'],
      wishes: { map: ['price=price'] },
      expected: { id: 'id', name: 'title', price: 'price', currency: 'currency' },
    },
    {
      what: 'are what --map says, also from nowhere',
      columns: ['id', 'name', 'titel', 'price', 'stock'],
      wishes: { map: ['name=titel', 'stock='], currency: 'EUR' },
      expected: { id: 'id', name: 'titel', price: 'price' },
    },
    {
      what: 'of currency are not looked at where --currency says it',
      columns: ['id', 'name', 'price', 'currency'],
      wishes: { currency: 'USD' },
      expected: { id: 'id', name: 'name', price: 'price' },
    },
    {
      what: 'are taken once: what is mapped is not guessed for something else',
      columns: ['code', 'name', 'price'],
      wishes: { map: ['id=code', 'sku=code'], currency: 'EUR' },
      expected: { id: 'code', sku: 'code', name: 'name', price: 'price' },
    },
  ];
  for (const { what, columns, wishes, expected } of cases)
    it(what, () => {
      expect(named(columns, wishes)).to.deep.equal(expected);
    });

  it('are all told about at once when they are missing', () => {
    expect(() => mapColumns(['a', 'b'], { map: ['colour=a', 'stock=c', 'x'], currency: 'euro' })).to.throw(
      [
        '--map colour=a: a product has no colour. It has id, sku, name, description, price, price_cents, currency, stock, created_at, updated_at',
        '--map stock=c: there is no column c',
        '--map must be like price=unit_price, got "x"',
        'No column looks like a name. Add --map name=COLUMN',
        'No column looks like a price. Add --map price=COLUMN, or --map price_cents=COLUMN where it is in the smallest units',
        '--currency must be three letters such as EUR, got "euro"',
        'No column looks like a sku or an id. Add --map sku=COLUMN: it is what tells products apart',
        'The columns are a, b',
      ].join('\n'),
    );
    expect(() => mapColumns(['sku', 'name', 'price'], nothing)).to.throw(
      'No column looks like a currency. Add --currency EUR, or --map currency=COLUMN',
    );
  });
});
