import { html, type Html } from '../apps/storefront/html.ts';

/** A bar with the range of what was measured. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly lowest: number;
  readonly highest: number;
  /** Whether it is ours. */
  readonly own: boolean;
}

const left = 430;
const width = 900;
const step = 34;

/** Bars below each other, each with its value and a line for its spread, as an SVG file. */
export function bars(title: string, all: readonly Bar[]): string {
  const longest = Math.max(...all.map(({ highest }) => highest), 1);
  const x = (value: number) => left + (value / longest) * (width - left - 80);
  const height = 48 + all.length * step;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#1a2233">
<title>${title}</title>
<rect width="${width}" height="${height}" fill="#fff" />
<text x="16" y="26" font-size="15" font-weight="600">${title}</text>
${all.map((bar, i) => row(bar, 44 + i * step, x))}
</svg>
`.text;
}

function row({ name, value, lowest, highest, own }: Bar, y: number, x: (value: number) => number): Html {
  const at = (position: number) => position.toFixed(1);
  return html`<text x="${left - 10}" y="${y + 17}" text-anchor="end">${name}</text>
<rect x="${left}" y="${y}" width="${at(x(value) - left)}" height="24" rx="3" fill="${own ? '#2563eb' : '#b6bfce'}" />
<path d="M${at(x(lowest))} ${y + 12}H${at(x(highest))}" stroke="#1a2233" stroke-width="2" />
<text x="${at(x(highest) + 8)}" y="${y + 17}">${Math.round(value).toLocaleString('en-US')}</text>
`;
}
