import { expect } from 'chai';
import { mapColumns } from '../../../imports/mapping.ts';
import { RowReader, type Cells } from '../../../imports/product-row.ts';

const columns = ['id', 'sku', 'name', 'description', 'price', 'currency', 'stock', 'created_at'];
const good: Record<string, string | null> = {
  ...{ id: '7', sku: 'MUG-1', name: '😀 Mug', description: 'Holds\ttea', price: '19.90', currency: 'EUR' },
  ...{ stock: '5', created_at: '2024-01-01 02:00:00' },
};

function read(more: Record<string, string | null> = {}, zone = 'UTC') {
  const row: Cells = columns.map((column) => ({ ...good, ...more })[column]!);
  return new RowReader(mapColumns(columns, { map: [] }), zone).read(row, 3);
}

describe('a row of an import', () => {
  it('becomes a product', () => {
    expect(read()).to.deep.include({
      ...{
        sku: 'MUG-1',
        name: '😀 Mug',
        description: 'Holds\ttea',
        price: { amount: 1990, currency: 'EUR' },
      },
      ...{ stock: 5, createdAt: '2024-01-01T02:00:00.000Z', updatedAt: null },
    });
  });

  it('without what may be missing becomes one too', () => {
    expect(read({ description: null, stock: null, created_at: null })).to.deep.include({
      ...{ description: '', stock: 0, createdAt: null },
    });
  });

  it('keeps a UUID as its id, whichever way it is written', () => {
    const id = '123e4567-e89b-12d3-a456-426614174000';
    for (const text of [id, id.toUpperCase(), id.replaceAll('-', '')])
      expect(read({ id: text })).to.deep.include({ id });
  });

  it('with a number as its id gets one that is the same each time, and sorts by when it was made', () => {
    const { id } = read() as { id: string };
    expect(id)
      .to.match(/^018cc2bf-/)
      .and.to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7000-8003-[0-9a-f]{12}$/);
    expect(read()).to.deep.include({ id });
    expect((read({ created_at: '2023-01-01' }) as { id: string }).id < id).to.equal(true);
  });

  it('without a sku has its id for one', () => {
    const mapping = mapColumns(['id', 'name', 'price'], { map: [], currency: 'EUR' });
    expect(new RowReader(mapping, 'UTC').read(['17', 'Mug', '1'], 1)).to.deep.include({ sku: 'ID-17' });
  });

  const bad: [what: string, row: Record<string, string | null>, faults: string[]][] = [
    ['no sku', { sku: null }, ['sku: there is none']],
    ['no name', { name: '' }, ['name: there is none']],
    ['no price', { price: null }, ['price: there is none']],
    ['a long name', { name: 'x'.repeat(201) }, ['name: must NOT have more than 200 characters']],
    [
      'a sku with a space',
      { sku: 'a b' },
      ['sku: must begin with a letter or digit, and have only these and . _ - after it'],
    ],
    ['a currency of four', { currency: 'EURO' }, ['currency: must be three letters such as EUR']],
    ['half a thing', { stock: '1.5' }, ['stock: "1.5" is no whole number']],
    ['less than nothing', { stock: '-1' }, ['stock: must be >= 0']],
    [
      'much that is wrong',
      { name: null, price: 'free', created_at: '2024-02-30', stock: 'x' },
      [
        'created_at: 2024-02-30 is not in the calendar',
        'price: "free" is no amount like 19.90',
        'stock: "x" is no whole number',
        'name: there is none',
      ],
    ],
  ];
  for (const [what, row, faults] of bad)
    it(`with ${what} is refused`, () => {
      const found = read(row) as { column: string; reason: string }[];
      expect(found.map(({ column, reason }) => `${column}: ${reason}`)).to.deep.equal(faults);
    });

  it('is shown in part where it is large', () => {
    const [fault] = read({ price: 'x'.repeat(1000) }) as { reason: string }[];
    expect(fault!.reason).to.have.length(201);
    const reader = new RowReader(mapColumns(columns, { map: [] }), 'UTC');
    expect(reader.label(['', 'x'.repeat(1000)])).to.have.length(201);
  });

  it('with a time that clocks showed twice is counted', () => {
    const reader = new RowReader(mapColumns(columns, { map: [] }), 'Europe/Tallinn');
    for (const time of ['2024-10-27 03:10', '2024-10-27 03:20', '2024-10-27 05:00'])
      reader.read(
        columns.map((column) => ({ ...good, created_at: time })[column]!),
        1,
      );
    expect(reader.doubts()).to.deep.equal({ twice: 2, example: '2024-10-27 03:10' });
  });

  it('with too few values is refused', () => {
    const reader = new RowReader(mapColumns(columns, { map: [] }), 'UTC');
    expect(reader.read(['1', '2'], 1)).to.deep.equal([{ column: '', reason: 'has 2 values, not 8' }]);
  });
});
