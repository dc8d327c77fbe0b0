import { expect } from 'chai';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings } from '../../stacks/settings.ts';
import { layout } from '../../topology/layout.ts';

/** The boxes of each row, from left to right. */
function rows(raw: Record<string, string>): string[] {
  const { boxes } = layout(productTopology(parseSettings('unit', raw)));
  const heights = [...new Set(boxes.map(({ y }) => y))].sort((a, b) => a - b);
  return heights.map((height) =>
    boxes
      .filter(({ y }) => y === height)
      .sort((a, b) => a.x - b.x)
      .map(({ name }) => name)
      .join(' '),
  );
}

const product = ['product-api', 'edge storefront gateway database', 'migrate'];
const metrics = { metrics: 'true', 'metrics.dockerGroup': '999' };
const backup = { 'backup.schedule': '0 3 * * *', 'backup.pointInTime': 'true' };

const cases: [string, Record<string, string>, string[]][] = [
  ['the product', {}, product],
  [
    'two that ask each other, below what they look at',
    metrics,
    [...product, 'alerts metrics database-metrics container-metrics'],
  ],
  [
    'more onlookers than there are columns, in two rows',
    { ...metrics, ...backup },
    [...product, 'database-metrics alerts metrics wal-archive backup', 'container-metrics'],
  ],
];

describe('the picture of', () => {
  for (const [name, raw, expected] of cases) it(name, () => expect(rows(raw)).to.deep.equal(expected));
});
