import { expect } from 'chai';
import { escapeHtml, html } from '../storefront/html.ts';
import { currencyDigits, decimalText, formatPrice, maxAmount, parseDecimal } from '../storefront/money.ts';
import { nextPlace, placeUrl, previousPlace, readPlace, type Place } from '../storefront/paging.ts';
import { evil } from './storefront-fake-api.ts';

describe('storefront: money', () => {
  const amounts: [amount: number, currency: string, decimal: string, shown: string][] = [
    [1250, 'EUR', '12.50', '€12.50'],
    [5, 'EUR', '0.05', '€0.05'],
    [0, 'USD', '0.00', '$0.00'],
    [29, 'GBP', '0.29', '£0.29'],
    [1250, 'JPY', '1250', '¥1,250'],
    [1250, 'KWD', '1.250', 'KWD\u00a01.250'],
    [1250, 'HUF', '12.50', 'HUF\u00a012.50'],
    [1250, 'IQD', '1.250', 'IQD\u00a01.250'],
    [123456789012, 'EUR', '1234567890.12', '€1,234,567,890.12'],
    [maxAmount, 'EUR', '10000000000.00', '€10,000,000,000.00'],
    [maxAmount, 'JPY', '1000000000000', '¥1,000,000,000,000'],
  ];
  for (const [amount, currency, decimal, shown] of amounts) {
    it(`${amount} ${currency} is ${decimal}, ${shown}`, () => {
      expect(decimalText(amount, currency)).to.equal(decimal);
      expect(parseDecimal(decimal, currency)).to.equal(amount);
      expect(formatPrice({ amount, currency })).to.equal(shown);
    });
  }

  const texts: [text: string, currency: string, amount: number | undefined][] = [
    ['12,5', 'EUR', 1250],
    [' 7 ', 'EUR', 700],
    ['0.1', 'EUR', 10],
    ['1.15', 'EUR', 115],
    ['4.35', 'EUR', 435],
    ['007', 'EUR', 700],
    ['1.999', 'EUR', undefined],
    ['1.5', 'JPY', undefined],
    ['1.0', 'JPY', undefined],
    ['1,234.50', 'EUR', undefined],
    ['€5', 'EUR', undefined],
    ['-1', 'EUR', undefined],
    ['', 'EUR', undefined],
    ['.5', 'EUR', undefined],
    ['5.', 'EUR', undefined],
    ['1e3', 'EUR', undefined],
    ['Infinity', 'EUR', undefined],
    ['٣', 'EUR', undefined],
    ['10000000000.01', 'EUR', undefined],
    ['9'.repeat(400), 'EUR', undefined],
  ];
  for (const [text, currency, amount] of texts) {
    it(`"${text.slice(0, 20)}" ${currency} is ${amount}`, () =>
      expect(parseDecimal(text, currency)).to.equal(amount));
  }

  it('reads back every cent that it writes', () => {
    for (let amount = 0; amount < 20_000; amount += 7)
      expect(parseDecimal(decimalText(amount, 'EUR'), 'EUR')).to.equal(amount);
  });

  it('refuses what is no currency', () => expect(() => currencyDigits('EU')).to.throw(RangeError));

  it('stays right after more currencies than it remembers', () => {
    const letters = [...'ABCDEFGHIJKLMNOP'];
    for (const code of letters.flatMap((a) => letters.map((b) => `X${a}${b}`))) currencyDigits(code);
    expect(formatPrice({ amount: 1250, currency: 'EUR' })).to.equal('€12.50');
  });
});

describe('storefront: html', () => {
  it('escapes what HTML gives a meaning', () =>
    expect(escapeHtml(`<a href="x">'&amp;`)).to.equal('&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;'));
  it('escapes every value, and markup never twice', () =>
    expect(html`<a title="${evil}">${[evil, html`<b>${evil}</b>`]}</a>`.text).to.equal(
      `<a title="${escapeHtml(evil)}">${escapeHtml(evil)}<b>${escapeHtml(evil)}</b></a>`,
    ));
  it('takes what only looks like markup for text', () =>
    expect(html`${{ text: '<b>' } as unknown as string}`.text).not.to.contain('<b>'));
  it('shows nothing for nothing', () =>
    expect(html`${false}${undefined}${null}${[]}${0}`.text).to.equal('0'));
});

describe('storefront: paging', () => {
  const places: [query: Record<string, unknown>, place: Place][] = [
    [{}, { trail: [] }],
    [{ search: '  tea ' }, { search: 'tea', trail: [] }],
    [{ search: '' }, { trail: [] }],
    [{ search: ['a', 'b'], cursor: ['c'] }, { trail: [] }],
    [
      { cursor: 'c', from: 'b' },
      { cursor: 'c', trail: ['b'] },
    ],
    [
      { cursor: 'c', from: ['a', 'b'] },
      { cursor: 'c', trail: ['a', 'b'] },
    ],
    [{ from: 'b' }, { trail: [] }],
    [{ search: '😀'.repeat(101) }, { search: '😀'.repeat(100), trail: [] }],
  ];
  for (const [query, place] of places)
    it(JSON.stringify(query).slice(0, 60), () => expect(readPlace(query)).to.deep.equal(place));

  it('finds the way back from any page but those too far behind', () => {
    let place: Place = { search: 'a&b', trail: [] };
    for (let page = 2; page <= 100; page += 1) place = nextPlace(place, `c${page}`);
    expect(placeUrl(place).length).to.be.below(2000);
    expect(new URLSearchParams(placeUrl(place).slice(2)).get('search')).to.equal('a&b');
    let steps = 0;
    for (let back = previousPlace(place); back; back = previousPlace(back)) {
      steps += 1;
      expect(back.cursor).to.equal(`c${100 - steps}`);
    }
    expect(steps).to.equal(60);
  });
});
