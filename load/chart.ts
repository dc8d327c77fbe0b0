import { html, type Html } from '../apps/storefront/html.ts';
import { figure } from './text-table.ts';

/** A line or a row of bars; `colour` is one of the page's colours, 1 to 3. */
export interface Series {
  readonly name: string;
  readonly colour: 1 | 2 | 3;
  readonly values: readonly number[];
}

const width = 720;
const height = 220;
const left = 56;
const bottom = 28;
const top = 12;

/** Lines over time, a value a second, as SVG. */
export function lineChart(title: string, series: readonly Series[]): Html {
  const highest = roundUp(Math.max(...series.flatMap(({ values }) => values), 1));
  const count = Math.max(...series.map(({ values }) => values.length), 2);
  const x = (i: number) => left + (i / (count - 1)) * (width - left - 8);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => Math.round(part * (count - 1)));
  const lines = series.map(({ colour, values, name }) => {
    const points = values.map((value, i) => `${at(x(i))},${at(y(value, highest))}`).join(' ');
    return html`<polyline class="line c${colour}" points="${points}"><title>${name}</title></polyline>`;
  });
  const labels = [...new Set(ticks)].map((tick) => label(x(tick), `${tick + 1} s`));
  return frame(title, highest, html`${lines}${labels}`);
}

/** Bars side by side, as SVG; `names` are written below them, as far as there is room. */
export function barChart(title: string, names: readonly string[], { values, colour }: Series): Html {
  const highest = roundUp(Math.max(...values, 1));
  const step = (width - left - 8) / Math.max(values.length, 1);
  const every = Math.ceil(values.length / 12);
  const bars = values.map((value, i) => {
    const place = { x: left + i * step + step * 0.1, y: y(value, highest) };
    const size = { width: step * 0.8, height: height - bottom - place.y };
    return html`<rect class="c${colour}" x="${at(place.x)}" y="${at(place.y)}" width="${at(size.width)}" height="${at(size.height)}"><title>${names[i]}: ${figure(value)}</title></rect>`;
  });
  const labels = names.map((name, i) => i % every === 0 && label(left + (i + 0.5) * step, name));
  return frame(title, highest, html`${bars}${labels}`);
}

function frame(title: string, highest: number, content: Html): Html {
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const level = at(y(part * highest, highest));
    return html`<line class="grid" x1="${left}" x2="${width}" y1="${level}" y2="${level}" /><text x="${left - 6}" y="${level}" dy="4" text-anchor="end">${figure(part * highest)}</text>`;
  });
  return html`<svg role="img" aria-label="${title}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg">${grid}${content}</svg>`;
}

function label(x: number, text: string): Html {
  return html`<text x="${at(x)}" y="${height - 8}" text-anchor="middle">${text}</text>`;
}

function y(value: number, highest: number): number {
  return height - bottom - (value / highest) * (height - bottom - top);
}

/** The next of 1, 2, 4, 6, 8 or 10 times a power of ten, for a scale. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 4, 6, 8, 10].find((step) => step * power >= value)!;
}

function at(position: number): string {
  return position.toFixed(1);
}
