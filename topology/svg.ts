import type { Arrow, Box, Layout, Ports } from './layout.ts';

const style = `
  text { font-family: system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; fill: var(--ink); }
  .ground { fill: var(--ground); } .box { fill: var(--surface); stroke: var(--accent); stroke-width: 1.5; } .behind { opacity: .45; }
  .job { stroke-dasharray: 5 4; } .name { font-size: 16px; font-weight: 700; } .line { font-size: 11.5px; fill: var(--soft); }
  .count { font-size: 13px; font-weight: 700; fill: var(--on-accent); } .badge { fill: var(--accent); }
  .arrow { fill: none; stroke: var(--accent); stroke-width: 2; } .head { fill: var(--accent); }
  .link { font-size: 10.5px; fill: var(--soft); paint-order: stroke; stroke: var(--ground); stroke-width: 5px; stroke-linejoin: round; }
  .up, .beside { stroke-width: 1.2; stroke-dasharray: 2 3; }
  .port { font-size: 13px; font-weight: 600; }
  svg { --ground: #faf9f7; --surface: #fff; --ink: #1c1917; --soft: #57534e; --accent: #0f766e; --on-accent: #fff; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #171614; --surface: #24211f; --ink: #f5f3ef; --soft: #b5aea6; --accent: #2dd4bf; --on-accent: #042f2b; }
  }`;

/** The picture as SVG; it follows the reader's light or dark scheme. */
export function toSvg({ width, height, boxes, arrows, ports }: Layout, title: string): string {
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">`,
    `<style>${style}\n</style>`,
    '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="head" d="M0 0L10 5L0 10z"/></marker></defs>',
    `<rect class="ground" width="${width}" height="${height}" rx="16"/>`,
    ...ports.map(portArrow),
    ...arrows.map(arrowPath),
    ...boxes.map(boxGroup),
    ...arrows.map((arrow) => arrowLabel(arrow)),
    `<text class="line" x="${width / 2}" y="${height - 14}" text-anchor="middle">Every arrow is a network of its own: what has no arrow cannot be reached.</text>`,
    '</svg>\n',
  ];
  return parts.join('\n');
}

function portArrow({ box, addresses, side }: Ports): string {
  const [x, y, path] =
    side === 'left'
      ? [24, box.y + box.height / 2, `M24 ${box.y + box.height / 2}H${box.x - 4}`]
      : [
          middle(box) + 10,
          box.y + box.height + 34,
          `M${middle(box)} ${box.y + box.height + 40}V${box.y + box.height + 4}`,
        ];
  const host = `<text class="port" x="${x}" y="${y - 12}">host</text>`;
  const lines = addresses.map(
    (address, index) =>
      `<text class="line" x="${x}" y="${y + (side === 'left' ? 22 : 4) + 16 * index}">${escape(address)}</text>`,
  );
  return `${host}${lines.join('')}<path class="arrow" marker-end="url(#head)" d="${path}"/>`;
}

function boxGroup({ name, x, y, width, height, lines, replicas, job }: Box): string {
  const behind =
    replicas > 1
      ? [8, 4].map(
          (shift) =>
            `<rect class="box behind" x="${x + shift}" y="${y - shift}" width="${width}" height="${height}" rx="12"/>`,
        )
      : [];
  const badge =
    replicas > 1
      ? `<rect class="badge" x="${x + width - 46}" y="${y + 10}" width="36" height="22" rx="11"/><text class="count" x="${x + width - 28}" y="${y + 26}" text-anchor="middle">×${replicas}</text>`
      : '';
  const text = lines.map(
    (line, index) => `<text class="line" x="${x + 14}" y="${y + 50 + index * 16}">${escape(line)}</text>`,
  );
  const frame = `<rect class="box${job ? ' job' : ''}" x="${x}" y="${y}" width="${width}" height="${height}" rx="12"/>`;
  return `<g>${behind.join('')}${frame}<text class="name" x="${x + 14}" y="${y + 28}">${escape(name)}</text>${badge}${text.join('')}</g>`;
}

function arrowPath(arrow: Arrow): string {
  return `<path class="arrow ${arrow.way}" marker-end="url(#head)" d="${wayTo[arrow.way](arrow)}"/>`;
}

const wayTo: Record<Arrow['way'], (arrow: Arrow) => string> = {
  request: (arrow) => (skips(arrow) ? bow(arrow) : across(arrow)),
  up,
  beside: (arrow) => (skips(arrow) ? bow(arrow) : sideways(arrow)),
};

/** Whether something may stand between the two. */
function skips({ from, to }: Arrow): boolean {
  return Math.abs(to.x - from.x) > 2 * from.width;
}

function across({ from, to }: Arrow): string {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x - 6, y: to.y + to.height / 2 };
  const half = (start.x + end.x) / 2;
  return `M${start.x} ${start.y}C${half} ${start.y} ${half} ${end.y} ${end.x} ${end.y}`;
}

/** Below what stands between. */
function bow({ from, to }: Arrow): string {
  const [start, end, low] = [middle(from), middle(to), lowest({ from, to }) + 24];
  return `M${start} ${from.y + from.height}C${start} ${low} ${end} ${low} ${end} ${to.y + to.height + 6}`;
}

function lowest({ from, to }: Pick<Arrow, 'from' | 'to'>): number {
  return Math.max(from.y, to.y) + from.height + 58;
}

/** Beside the middle, where the bows arrive. */
function up({ from, to }: Arrow): string {
  const [start, end, top] = [middle(from), middle(to) + 30, to.y + to.height + 6];
  const half = (from.y + top) / 2;
  return `M${start} ${from.y}C${start} ${half} ${end} ${half} ${end} ${top}`;
}

/** A little above the middle to the right and a little below it to the left, so that two that ask each other have two arrows. */
function sideways({ from, to }: Arrow): string {
  const right = to.x > from.x;
  const y = from.y + from.height / 2 + (right ? -10 : 10);
  return right ? `M${from.x + from.width} ${y}H${to.x - 6}` : `M${from.x} ${y}H${to.x + to.width + 6}`;
}

function middle({ x, width }: Box): number {
  return x + width / 2;
}

/** Of who looks on no arrow has a name: it would stand in others' way, and says no more than the boxes do. */
function arrowLabel(arrow: Arrow): string {
  if (arrow.way !== 'request') return '';
  const { from, to } = arrow;
  const x = skips(arrow) ? (middle(from) + middle(to)) / 2 : (from.x + from.width + to.x - 6) / 2;
  const y = skips(arrow) ? lowest(arrow) + 14 : (from.y + to.y + from.height) / 2 - 10;
  const label = skips(arrow) ? `${from.name} → ${to.name}` : arrow.label.replace(`${from.name}-`, '→ ');
  return `<text class="link" x="${x}" y="${y}" text-anchor="middle">${escape(label)}</text>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
