import { expect } from 'chai';
import type { ImportStack } from './import-stack.ts';

/** Products of a spreadsheet. */
export function csv(stack: ImportStack): void {
  const rows = [
    'Article Number;Title;Details;Unit Price;Qty;Date added',
    'C-1;Käsekrainer €;"with ""quotes"";\r\nand two lines";19,90;5;2024-07-01 12:00',
    'C-2;Mug;;0.10;;2024-10-27 03:30',
  ];
  const options = ['--currency', 'EUR', '--encoding', 'windows-1252', '--time-zone', 'Europe/Tallinn'];
  // What latin1 has no euro sign for.
  const bytes = (text: string) => Buffer.from(text.replaceAll('€', '\x80'), 'latin1');

  it('come from CSV as a spreadsheet writes it; a dry run changes nothing', async () => {
    stack.write('shop.csv', bytes(rows.join('\r\n')));
    const before = await stack.checksum();
    const dry = await stack.importOk('shop.csv', ...options, '--dry-run');
    expect(dry)
      .to.contain('would get 2 new, 0 changed, 0 as they are already')
      .and.contain('Nothing was changed');
    expect(dry).to.match(/name +<- Title$/m);
    expect(await stack.checksum()).to.equal(before);
    const output = await stack.importOk('shop.csv', ...options);
    expect(output)
      .to.contain('has them: 2 new')
      .and.contain('prices:  EUR 20.00 (2 rows)')
      .and.contain('a time that clocks showed twice, such as 2024-10-27 03:30');
    const response = await fetch(`${stack.url}/api/products?search=${encodeURIComponent('Käsekrainer €')}`);
    const { items } = (await response.json()) as { items: Record<string, unknown>[] };
    expect(items[0]).to.deep.include({
      ...{ sku: 'C-1', name: 'Käsekrainer €', description: 'with "quotes";\r\nand two lines' },
      ...{ price: { amount: 1990, currency: 'EUR' }, stock: 5, createdAt: '2024-07-01T09:00:00.000Z' },
    });
  });

  it('come once: what is there already is left, what differs is changed', async () => {
    const before = await stack.checksum();
    expect(await stack.importOk('shop.csv', ...options)).to.contain(
      'has them: 0 new, 0 changed, 2 as they are already',
    );
    expect(await stack.checksum()).to.equal(before);
    stack.write('shop.csv', bytes(rows.join('\n').replace('0.10', '0.20')));
    expect(await stack.importOk('shop.csv', ...options)).to.contain(
      '0 new, 1 changed, 1 as they are already',
    );
    expect(await stack.sql(`SELECT price_amount, version FROM product WHERE sku = 'C-2'`)).to.equal('20|2');
  });

  it('come all or not at all; or without those that cannot be taken', async () => {
    stack.write(
      'bad.csv',
      'sku,name,price,currency,created_at\nB-1,Fine,1,EUR,\nB 2,No sku,1.999,EUR,2024-02-30\nB-1,Twice,1,EUR,\nB-4,Few\n',
    );
    await stack.refuses('row 2 (B 2): price: 1.999 has more decimals than EUR has, which is 2', 'bad.csv');
    const output = await stack.importOk('bad.csv', '--skip-bad', '--bad-rows', 'rows.csv');
    expect(output)
      .to.contain('3 rows cannot be taken:')
      .and.contain('row 2 (B 2): created_at: 2024-02-30 is not in the calendar')
      .and.contain('row 3 (B-1): sku: is the one of row 1 too')
      .and.contain('row 4 (B-4): has 2 values, not 5')
      .and.contain('has them: 1 new');
  });

  it('are refused where the file is not what it should be', async () => {
    stack.write('picture.csv', Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1'));
    await stack.refuses('picture.csv is a picture', 'picture.csv');
    await stack.refuses('there is no such file', 'nothing.csv');
    await stack.refuses('is not utf-8. Add --encoding', 'shop.csv', '--currency', 'EUR');
    stack.write('cut.csv', 'sku,name,price\nX-1,Mug,1\nX-2,"Mu');
    await stack.refuses('the file ends inside quotes', 'cut.csv', '--currency', 'EUR');
    stack.write('line.csv', 'x'.repeat(3 * 2 ** 20));
    await stack.refuses('its first line does not end', 'line.csv');
    stack.write('cents.csv', 'sku,name,price_cents\nX-1,Mug,20.00\n');
    await stack.refuses(
      '"20.00" has decimals, and smallest units have none',
      'cents.csv',
      '--currency',
      'EUR',
    );
    stack.write('other.csv', 'a,b\n1,2\n');
    await stack.refuses('No column looks like a price. Add --map price=COLUMN', 'other.csv');
  });
}
