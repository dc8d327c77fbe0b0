import { expect } from 'chai';
import { smallestUnits, wholeUnits } from '../../../imports/money.ts';
import { utcTime } from '../../../imports/times.ts';

describe('money of an import', () => {
  const cases: [text: string, currency: string, expected: number | string][] = [
    ['19.90', 'EUR', 1990],
    ['19.9000', 'EUR', 1990],
    ['19,9', 'EUR', 1990],
    [' 0 ', 'EUR', 0],
    ['0.1', 'EUR', 10],
    ['1.005', 'KWD', 1005],
    ['1250', 'JPY', 1250],
    ['1250.00', 'JPY', 1250],
    ['9999999999.99', 'EUR', 999999999999],
    ['90071992547409.93', 'EUR', '90071992547409.93 is more than a price may be'],
    ['19.999', 'EUR', '19.999 has more decimals than EUR has, which is 2'],
    ['0.5', 'JPY', '0.5 has more decimals than JPY has, which is 0'],
    ['-1', 'EUR', '-1 is below 0'],
    ['1,234.50', 'EUR', '"1,234.50" is no amount like 19.90'],
    ['1,500', 'EUR', '"1,500" may have a separator of thousands; amounts are like 1500.00'],
    ['1e3', 'EUR', '"1e3" is no amount like 19.90'],
    ['€5', 'EUR', '"€5" is no amount like 19.90'],
  ];
  for (const [text, currency, expected] of cases)
    it(`${text} ${currency} → ${expected}`, () => {
      const key = typeof expected === 'number' ? 'value' : 'reason';
      expect(smallestUnits(text, currency)).to.deep.equal({ [key]: expected });
    });

  it('in the smallest units is whole', () => {
    expect(wholeUnits('1990')).to.deep.equal({ value: 1990 });
    for (const text of ['20.00', '19.90', '19,90', '-1.0'])
      expect(wholeUnits(text)).to.deep.equal({
        reason: `"${text}" has decimals, and smallest units have none: --map price=COLUMN takes 19.90`,
      });
    expect(wholeUnits('1e3')).to.deep.equal({ reason: '"1e3" is no whole number of smallest units' });
    expect(wholeUnits('-1')).to.deep.equal({ reason: '-1 is below 0' });
    expect(wholeUnits('1000000000001')).to.deep.equal({
      reason: '1000000000001 is more than a price may be',
    });
  });
});

describe('times of an import', () => {
  const cases: [text: string, zone: string, expected: string | null][] = [
    ['2024-12-31', 'UTC', '2024-12-31T00:00:00.000Z'],
    ['2024-12-31 23:59', 'Europe/Tallinn', '2024-12-31T21:59:00.000Z'],
    ['2024-07-01T12:00:00.123456', 'Europe/Tallinn', '2024-07-01T09:00:00.123Z'],
    ['2024-07-01 12:00:00+00', 'Europe/Tallinn', '2024-07-01T12:00:00.000Z'],
    ['2024-07-01 12:00:00.5-05:30', 'UTC', '2024-07-01T17:30:00.500Z'],
    ['2024-07-01 12:00:00 UTC', 'Asia/Tokyo', '2024-07-01T12:00:00.000Z'],
    ['2024-10-27 03:30:00', 'Europe/Tallinn', '2024-10-27T00:30:00.000Z'],
    ['1970-01-01 00:00:00', 'Asia/Tokyo', '1969-12-31T15:00:00.000Z'],
    ['2024-02-29', 'UTC', '2024-02-29T00:00:00.000Z'],
    ['0000-00-00', 'UTC', null],
    ['0000-00-00 00:00:00.000', 'UTC', null],
    ['0000-00-00 00:00:00+00', 'UTC', null],
  ];
  for (const [text, zone, expected] of cases)
    it(`${text} in ${zone} → ${expected}`, () => {
      expect(utcTime(text, zone)).to.deep.equal({ value: expected });
    });

  const twice: [text: string, zone: string, isTwice: boolean][] = [
    ['2024-10-27 03:30:00', 'Europe/Tallinn', true],
    ['2024-10-27 02:59:59', 'Europe/Tallinn', false],
    ['2024-10-27 04:00:00', 'Europe/Tallinn', false],
    ['2024-10-27 03:30:00+02', 'Europe/Tallinn', false],
    ['2024-10-27 03:30:00', 'UTC', false],
  ];
  for (const [text, zone, isTwice] of twice)
    it(`${text} in ${zone} was shown ${isTwice ? 'twice, which is told' : 'once'}`, () => {
      let told = 0;
      utcTime(text, zone, () => told++);
      expect(told).to.equal(Number(isTwice));
    });

  const bad: [text: string, zone: string, reason: string][] = [
    ['2023-02-29', 'UTC', '2023-02-29 is not in the calendar'],
    ['2024-02-00 00:00:00', 'UTC', '2024-02-00 00:00:00 is not in the calendar'],
    ['2024-01-01 24:00:01', 'UTC', '2024-01-01 24:00:01 is not in the calendar'],
    ['0000-01-01', 'UTC', '0000-01-01 is not in the calendar'],
    ['31.12.2024', 'UTC', '"31.12.2024" is no date like 2024-12-31 or 2024-12-31 23:59:00'],
    ['infinity', 'UTC', '"infinity" is no date like 2024-12-31 or 2024-12-31 23:59:00'],
    [
      ...(['2024-03-31 03:30:00', 'Europe/Tallinn'] as const),
      '2024-03-31 03:30:00 was on no clock in Europe/Tallinn: it was put forward',
    ],
  ];
  for (const [text, zone, reason] of bad)
    it(`${text} in ${zone}: ${reason}`, () => {
      expect(utcTime(text, zone)).to.deep.equal({ reason });
    });
});
