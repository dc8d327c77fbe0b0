import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { docker, eventually } from '../support/run.ts';
import { OtherDatabase } from './other-database.ts';
import type { ImportStack } from './import-stack.ts';

const shop = String.raw`
  CREATE DATABASE shop; USE shop; SET sql_mode = '';
  CREATE TABLE customers (id int PRIMARY KEY, name text);
  INSERT INTO customers VALUES (1, 'somebody');
  CREATE TABLE products (
    id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, code varchar(64) CHARACTER SET ascii NOT NULL,
    title varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_ai_ci NOT NULL, description text CHARACTER SET latin1,
    unit_price decimal(20,4) NOT NULL, currency char(3) NOT NULL, qty int, photo blob, weight double, kind enum('a', 'b'),
    created_at datetime(3) NOT NULL, updated_at timestamp NULL DEFAULT NULL
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
  INSERT INTO products VALUES
    (1, 'EMOJI-1', '😀 "double" ''single'' back\\slash', 'Žluté ÿ€é œ', 19.9000, 'EUR', 5, x'00ff', 0.1, 'a', '2024-07-01 12:00:00.123', '2024-07-02 12:00:00'),
    (2, 'LINES-2', 'NULL', 'one\ntwo\tthree\r\nfour', 0.1, 'EUR', 0, NULL, NULL, 'b', '0000-00-00 00:00:00', NULL),
    (3, 'BIG-3', '\\N', NULL, 9999999999.99, 'EUR', 1000000, NULL, 1e300, '', '1999-12-31 23:59:59.999', '0000-00-00 00:00:00'),
    (4, 'JPY-4', '日本語のランプ', '', 1250, 'JPY', 1, NULL, NULL, NULL, '2024-01-01 00:00:00', NULL);
  INSERT INTO products SELECT 100 + seq, CONCAT('MANY-', seq), CONCAT('Many ', seq, ' ', CHAR(0xF09F9880 + seq % 60 USING utf8mb4)),
    REPEAT('é', seq % 300), seq * 7 / 100, 'EUR', seq % 9, NULL, NULL, NULL, '2020-01-01' + INTERVAL seq MINUTE, NULL FROM seq_1_to_3000;
  CREATE TABLE goods (id int PRIMARY KEY, name varchar(200), price decimal(10,3)) DEFAULT CHARSET=latin1;
  INSERT INTO goods VALUES (1, 'Žluté ÿ€é', 1.5), (2, 'Bad price', -1), (3, 'Worse price', 1.999);`;

/** Of each product what must be the same on both sides, as bytes and digits. */
const there = `SELECT CONCAT_WS('|', code, LOWER(HEX(CONVERT(title USING utf8mb4))), LOWER(HEX(CONVERT(COALESCE(description, '') USING utf8mb4))),
    CAST(unit_price * IF(currency = 'JPY', 1, 100) AS DECIMAL(20, 0)), currency, COALESCE(qty, 0),
    IF(created_at = 0, '', DATE_FORMAT(created_at, '%Y-%m-%d %H:%i:%s.%f')))
  FROM shop.products ORDER BY BINARY code`;
const here = `SELECT concat_ws('|', sku, encode(convert_to(name, 'UTF8'), 'hex'), encode(convert_to(description, 'UTF8'), 'hex'),
    price_amount, price_currency, stock, CASE WHEN created_at > now() - interval '1 hour' THEN ''
      ELSE to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END)
  FROM product WHERE sku ~ '^(EMOJI|LINES|BIG|JPY|MANY)-' ORDER BY sku COLLATE "C"`;

/** Products of MySQL, in dumps that a real MariaDB wrote. */
export function mysql(stack: ImportStack): void {
  const other = new OtherDatabase('mariadb');

  before(async () => {
    await other.start();
    await other.sql(shop);
    other.dump(stack.path('shop.sql'), 'mariadb-dump', '--host=127.0.0.1', 'shop');
    other.dump(
      stack.path('goods.sql'),
      ...['mariadb-dump', '--host=127.0.0.1', '--default-character-set=latin1'],
      'shop',
      'goods',
    );
  });
  after(() => other.remove());

  it('come from a dump with every byte, digit and date as it was', async () => {
    const output = await stack.importOk('shop.sql');
    expect(output)
      .to.contain('table products of a MySQL or MariaDB dump, 3004 rows')
      .and.contain('not taken: photo, weight, kind')
      .and.contain('has them: 3,004 new, 0 changed')
      .and.contain('JPY 1250 (1 row)')
      .and.contain('3,003 rows with the time when it was made');
    const wanted = (await other.sql(there)).split('\n');
    expect(wanted).to.have.length(3004);
    expect((await stack.sql(here)).split('\n')).to.deep.equal(wanted);
    const [sum, updated] = (
      await stack.sql(`SELECT sum(price_amount), max(updated_at) FILTER (WHERE sku = 'EMOJI-1') AT TIME ZONE 'UTC'
        FROM product WHERE price_currency = 'EUR' AND sku ~ '^(EMOJI|LINES|BIG|MANY)-'`)
    ).split('|');
    expect(`${sum}.00`).to.equal(
      await other.sql(
        `SELECT CAST(SUM(unit_price) * 100 AS DECIMAL(20, 2)) FROM shop.products WHERE currency = 'EUR'`,
      ),
    );
    expect(updated).to.equal('2024-07-02 12:00:00');
  });

  it('come once, packed or not', async () => {
    stack.write('shop.sql.gz', gzipSync(readFileSync(stack.path('shop.sql'))));
    expect(await stack.importOk('shop.sql.gz')).to.contain(
      'has them: 0 new, 0 changed, 3,004 as they are already',
    );
  });

  it('come from a dump in latin1, and rows that cannot be taken are told', async () => {
    expect(
      readFileSync(stack.path('goods.sql')).includes(Buffer.from('\x8elut\xe9 \xff\x80', 'latin1')),
    ).to.equal(true);
    const options = ['--currency', 'EUR'];
    await stack.refuses('row 3 (3): price: 1.999 has more decimals', 'goods.sql', ...options);
    const output = await stack.importOk('goods.sql', ...options, '--skip-bad');
    expect(output).to.contain('row 2 (2): price: -1.000 is below 0').and.contain('has them: 1 new');
    expect(await stack.sql(`SELECT name FROM product WHERE sku = 'ID-1'`)).to.equal('Žluté ÿ€é');
  });

  it('are refused where the dump is not whole, or not a dump', async () => {
    const size = readFileSync(stack.path('shop.sql')).length;
    stack.cut('cut.sql', 'shop.sql', size - 40);
    await stack.refuses('the file ends before the dump does: it was cut off', 'cut.sql');
    stack.cut('cut.sql.gz', 'shop.sql.gz', 2000);
    await stack.refuses('cannot be read to its end: unexpected end of file', 'cut.sql.gz');
    await stack.refuses(
      'there is no table things. There are:\n  import.customers (id, name)',
      'shop.sql',
      '--table',
      'things',
    );
    stack.write('hand.sql', 'INSERT INTO nowhere VALUES (1);');
    await stack.refuses('Add --from mysql or --from postgres', 'hand.sql');
    await stack.refuses(`Table 'import.nowhere' doesn't exist`, 'hand.sql', '--from', 'mysql');
  });

  it('are unpacked where nothing can be reached; one that is ended leaves nothing behind', async () => {
    const before = await stack.checksum();
    const going = stack.import('shop.sql');
    const name = `product-stack-${stack.name}-import-mariadb`;
    const format =
      '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.Config.User}} {{.HostConfig.NetworkMode}}';
    const seen = await eventually(60, 'a temporary MariaDB', () =>
      docker('inspect', '--format', format, name),
    );
    const beside = name.replace('mariadb', 'postgres');
    const id = await docker('inspect', '--format', '{{.Id}}', beside);
    expect(seen).to.equal(`true [ALL] 999:999 container:${id}`);
    expect(await docker('inspect', '--format', format, beside)).to.equal('true [ALL] 999:999 none');
    await stack.run(
      'bash',
      '-c',
      `kill $(pgrep -f '[s]cripts/import.ts shop.sql --stack ${stack.name}' | tail -n 1)`,
    );
    const { code, output } = await going;
    expect(code, output).to.equal(1);
    expect(output).to.contain('stopped; nothing was changed');
    expect(await stack.temporary()).to.equal('');
    expect(await stack.checksum()).to.equal(before);
  });
}
