import { expect } from 'chai';
import { mapColumns } from '../../../imports/mapping.ts';
import { checkOptions } from '../../../imports/options.ts';
import {
  checkRefusals,
  mappingText,
  mostRefusals,
  outcomeText,
  refusalsCsv,
  refusalsText,
} from '../../../imports/report.ts';

describe('what an import says', () => {
  const refusals = [
    { row: 12, label: 'MUG-1', column: 'price', reason: '"free" is no amount' },
    { row: 3, label: '', column: '', reason: 'has 2 values, not 8' },
    { row: 12, label: 'MUG-1', column: 'stock', reason: 'must be >= 0' },
  ];

  it('names the column of each field, and what is not taken', () => {
    const mapping = mapColumns(['id', 'title', 'unit_price', 'weight'], { map: [], currency: 'EUR' });
    expect(mappingText(mapping).split('\n')).to.deep.equal([
      '  id           <- id',
      '  sku             ID- and the id',
      '  name         <- title',
      '  description     none',
      '  price        <- unit_price (19.90)',
      '  currency     <- EUR, all rows',
      '  stock           0',
      '  created_at      now',
      '  not taken: weight',
    ]);
  });

  it('tells every row that cannot be taken, and why', () => {
    expect(refusalsText(refusals, 2)).to.equal(
      `2 rows cannot be taken:
  row 3: has 2 values, not 8
  row 12 (MUG-1): price: "free" is no amount
  … and more; --bad-rows FILE writes all of them to a file`,
    );
    expect(refusalsCsv(refusals.slice(0, 1))).to.equal(
      '"row","sku or id","column","reason"\n"12","MUG-1","price","""free"" is no amount"\n',
    );
  });

  it('gives up where there is no end of them', () => {
    const many = (count: number) => Array.from({ length: count }, (_, row) => ({ ...refusals[0]!, row }));
    checkRefusals(many(mostRefusals));
    expect(() => checkRefusals(many(mostRefusals + 1))).to.throw(
      'more than 100,000 values cannot be taken, and nothing was changed. Is every column the right one? The first:\n  row 0 (MUG-1): price: "free" is no amount\n',
    );
  });

  it('counts what was done, with the money in each currency', () => {
    const outcome = {
      ...{ read: 1234, refusals: [], added: 1200, changed: 3, same: 31, dated: 1, taken: true },
      doubts: { twice: 0, example: '' },
      sums: [
        { currency: 'EUR', amount: '1999', rows: 1233 },
        { currency: 'JPY', amount: '5', rows: 1 },
      ],
    };
    expect(outcomeText('staging', outcome)).to.equal(
      `staging has them: 1,200 new, 3 changed, 31 as they are already.
  prices:  EUR 19.99 (1,233 rows), JPY 5 (1 row)
  dates:   1 row with the time when it was made
  compared in the table before it was made final: every text, price, stock and date of every row`,
    );
    const doubts = { twice: 2000, example: '2024-10-27 03:30' };
    expect(outcomeText('staging', { ...outcome, doubts })).to.contain(
      '\n           2,000 times that clocks showed twice, such as 2024-10-27 03:30, when summer time ended: taken as the earlier\n',
    );
    expect(outcomeText('staging', { ...outcome, taken: false })).to.match(
      /^staging would get 1,200 new, 3 changed, 31 as they are already\./,
    );
  });

  it('tells all that is wrong with its options', () => {
    const said = { from: 'excel', encoding: 'utf-9', delimiter: '||', 'time-zone': 'Tallinn' };
    expect(() => checkOptions(said)).to.throw(
      `--from must be one of csv, archive, postgres, mysql, got "excel"
--time-zone must be like Europe/Tallinn or UTC, got "Tallinn"
--encoding must be like utf-8 or windows-1252, got "utf-9"
--delimiter must be one character, got "||"`,
    );
    expect(checkOptions({ from: 'mysql', encoding: 'utf-8', 'time-zone': 'UTC' })).to.equal('mysql');
  });
});
