import { Readable } from 'node:stream';
import { expect } from 'chai';
import { delimiterOf, readCsv, type CsvFormat } from '../../../imports/csv.ts';
import { endProblem, fileKind } from '../../../imports/file-kind.ts';
import type { Cells } from '../../../imports/product-row.ts';
import { chooseTable } from '../../../imports/source.ts';

describe('a file to import', () => {
  const kinds: [name: string, head: string, expected: string][] = [
    ['a.csv', 'id,name\n1,Mug\n', 'csv'],
    ['backup', 'PGDMP\x01\x10\0\0', 'archive'],
    ['a.tar', 'toc.dat\0\0\0', 'archive'],
    ['a.sql', '--\n-- PostgreSQL database dump\n--\n\n\\restrict x\n', 'postgres'],
    ['a.sql', '/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.20\n', 'mysql'],
    ['a.sql', '-- MySQL dump 10.13  Distrib 8.0\n', 'mysql'],
    ['a.sql', '-- phpMyAdmin SQL Dump\n', 'mysql'],
    ['a.sql', 'CREATE TABLE `x` (id int) ENGINE=InnoDB;', 'mysql'],
  ];
  for (const [name, head, expected] of kinds)
    it(`${JSON.stringify(head.slice(0, 30))} is ${expected}`, () => {
      expect(fileKind(name, Buffer.from(head, 'latin1'))).to.equal(expected);
    });

  const refused: [name: string, head: string, message: string][] = [
    ['a.csv', '', 'a.csv is empty'],
    ['a.zip', 'PK\x03\x04', 'a.zip is a zip archive. Import what is in it'],
    [
      'a.sql',
      'INSERT INTO x VALUES (1);',
      'a.sql is SQL and does not say whose. Add --from mysql or --from postgres',
    ],
    [
      'a.csv',
      'i\0d\0',
      'a.csv is neither text nor a dump. A CSV of Excel may need --encoding utf-16le --from csv',
    ],
  ];
  for (const [name, head, message] of refused)
    it(message, () => {
      expect(() => fileKind(name, Buffer.from(head, 'latin1'))).to.throw(message);
    });

  it('that is a dump ends with its last line', () => {
    const cut = 'the file ends before the dump does: it was cut off. Make the dump, or copy it, again';
    expect(endProblem('mysql', '-- MariaDB dump 10', '-- Dump completed on 2026-11-25\n')).to.equal(
      undefined,
    );
    expect(endProblem('mysql', '-- MariaDB dump 10', "(1,'x'")).to.equal(cut);
    expect(endProblem('mysql', 'INSERT', 'by hand: nobody knows')).to.equal(undefined);
    const head = '--\n-- PostgreSQL database dump\n--\n';
    expect(endProblem('postgres', head, '-- PostgreSQL database dump complete\n')).to.equal(undefined);
    expect(endProblem('postgres', head, '1\tx\n')).to.equal(cut);
  });
});

describe('CSV', () => {
  async function rows(text: string | Buffer, format: Partial<CsvFormat> = {}): Promise<Cells[]> {
    const bytes = Buffer.from(text as string);
    // In pieces that cut characters in two.
    const pieces = Array.from({ length: Math.ceil(bytes.length / 3) }, (_, n) =>
      bytes.subarray(3 * n, 3 * n + 3),
    );
    const all: Cells[] = [];
    for await (const row of readCsv(Readable.from(pieces), { encoding: 'utf-8', ...format })) all.push(row);
    return all;
  }

  it('knows quotes, line ends, a byte order mark, and an empty text from none', async () => {
    expect(await rows('\ufeffa;b\r\n"1;\n""2""";😀\r\n\r\n;""\r\n\\N;x')).to.deep.equal([
      ['a', 'b'],
      ['1;\n"2"', '😀'],
      [null, ''],
      [null, 'x'],
    ]);
  });

  it('is read in its encoding', async () => {
    expect(await rows(Buffer.from('a,b\n\xe4,\x80\n', 'latin1'), { encoding: 'windows-1252' })).to.deep.equal(
      [
        ['a', 'b'],
        ['ä', '€'],
      ],
    );
  });

  it('is told about where it is none', async () => {
    const message = async (text: string | Buffer) =>
      rows(text).then(
        () => 'none',
        (error: Error) => error.message,
      );
    expect(await message(Buffer.from('a,b\n1,\xe4\n', 'latin1'))).to.equal(
      'after line 2 there is what is not utf-8. Add --encoding, such as --encoding windows-1252',
    );
    expect(await message('a,b\n1,"x\n2,y\n')).to.contain('the file ends inside quotes');
    expect(await message('a,b\n1,x"y\n')).to.match(/^line 2: Invalid Opening Quote/);
  });

  it('is bounded: what never ends is not read to its end', async () => {
    let chunks = 0;
    async function* endless(start: string) {
      yield Buffer.from(start);
      for (const more = Buffer.alloc(2 ** 20, 'x'); ; chunks++) yield more;
    }
    const message = async (start: string) => {
      try {
        for await (const row of readCsv(endless(start), { encoding: 'utf-8' })) expect(row).to.have.length(2);
      } catch (error) {
        return (error as Error).message;
      }
      return 'none';
    };
    expect(await message('')).to.equal(
      'its first line does not end within a million characters: it is no CSV with a row on each line',
    );
    expect(chunks).to.be.lessThan(4);
    expect(await message('a,b\n1,"')).to.equal(
      'the row at line 2 has more than 33554432 characters. Is a quote not closed?',
    );
    expect(chunks).to.be.lessThan(40);
  });

  it('may have the line ends of an old Macintosh', async () => {
    expect(await rows('a;b\r1,5;2\r')).to.deep.equal([
      ['a', 'b'],
      ['1,5', '2'],
    ]);
  });

  it('has the delimiter that its first line has most of', () => {
    expect(['a', 'a,b', 'a;b', 'a\tb', '"a,b,c";d;e'].map(delimiterOf)).to.deep.equal([
      ',',
      ',',
      ';',
      '\t',
      ';',
    ]);
  });
});

describe('the table of a dump', () => {
  const tables = ['customers', 'Products', 'orders'].map((name) => ({
    schema: 'shop',
    name,
    columns: ['id'],
  }));
  const list = 'There are:\n  shop.customers (id)\n  shop.orders (id)';

  it('is the one that is asked for, or called so, or the only one', () => {
    expect(chooseTable(tables, undefined).name).to.equal('Products');
    expect(chooseTable(tables, 'orders').name).to.equal('orders');
    expect(chooseTable(tables, 'shop.orders').name).to.equal('orders');
    expect(chooseTable([tables[0]!], undefined).name).to.equal('customers');
  });

  it('is asked for where that cannot be told', () => {
    const others = tables.filter(({ name }) => name !== 'Products');
    expect(() => chooseTable(others, undefined)).to.throw(`which table is it? Add --table NAME. ${list}`);
    expect(() => chooseTable(others, 'goods')).to.throw(`there is no table goods. ${list}`);
    expect(() => chooseTable([], undefined)).to.throw('there is no table in it');
  });
});
