import type { Arrow, Box, Layout } from './layout.ts';

const style = `
  text { font-family: system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; fill: var(--ink); }
  .ground { fill: var(--ground); } .box { fill: var(--surface); stroke: var(--accent); stroke-width: 1.5; } .behind { opacity: .45; }
  .job { stroke-dasharray: 5 4; } .name { font-size: 16px; font-weight: 700; } .line { font-size: 11.5px; fill: var(--soft); }
  .count { font-size: 13px; font-weight: 700; fill: var(--on-accent); } .badge { fill: var(--accent); }
  .arrow { fill: none; stroke: var(--accent); stroke-width: 2; } .head { fill: var(--accent); }
  .link { font-size: 10.5px; fill: var(--soft); paint-order: stroke; stroke: var(--ground); stroke-width: 5px; stroke-linejoin: round; }
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
    ...ports.map(({ box, label }) => portArrow(box, label)),
    ...arrows.map(arrowPath),
    ...boxes.map(boxGroup),
    ...arrows.map((arrow) => arrowLabel(arrow)),
    `<text class="line" x="${width / 2}" y="${height - 14}" text-anchor="middle">Every arrow is a network of its own: what has no arrow cannot be reached.</text>`,
    '</svg>\n',
  ];
  return parts.join('\n');
}

function portArrow({ x, y, height }: Box, label: string): string {
  const middle = y + height / 2;
  return (
    `<text class="port" x="24" y="${middle - 12}">host</text><text class="line" x="24" y="${middle + 22}">${escape(label)}</text>` +
    `<path class="arrow" marker-end="url(#head)" d="M24 ${middle}H${x - 4}"/>`
  );
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

/** Where an arrow leaves and arrives; one that skips a column bows around what stands between. */
function ends({ from, to }: Arrow) {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x - 6, y: to.y + to.height / 2 };
  const skips = end.x - start.x > from.width;
  return { start, end, bow: skips ? Math.max(from.y, to.y) + from.height + 58 : undefined };
}

function arrowPath(arrow: Arrow): string {
  const { start, end, bow } = ends(arrow);
  const half = (start.x + end.x) / 2;
  const path =
    bow === undefined
      ? `M${start.x} ${start.y}C${half} ${start.y} ${half} ${end.y} ${end.x} ${end.y}`
      : `M${arrow.from.x + arrow.from.width / 2} ${arrow.from.y + arrow.from.height}C${arrow.from.x + arrow.from.width / 2} ${bow + 24} ${arrow.to.x + arrow.to.width / 2} ${bow + 24} ${arrow.to.x + arrow.to.width / 2} ${arrow.to.y + arrow.to.height + 6}`;
  return `<path class="arrow" marker-end="url(#head)" d="${path}"/>`;
}

function arrowLabel(arrow: Arrow): string {
  const { start, end, bow } = ends(arrow);
  const x = bow === undefined ? (start.x + end.x) / 2 : (arrow.from.x + arrow.to.x + arrow.to.width) / 2;
  const y = bow === undefined ? (start.y + end.y) / 2 - 10 : bow + 14;
  const label =
    bow === undefined
      ? arrow.label.replace(`${arrow.from.name}-`, '→ ')
      : `${arrow.from.name} → ${arrow.to.name}`;
  return `<text class="link" x="${x}" y="${y}" text-anchor="middle">${escape(label)}</text>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
