import { Document, isMap, Pair, Scalar, type YAMLMap } from 'yaml';
import type { ComposeDocument } from './document.ts';
import { hardening } from './export.ts';

/** Short comments for lines that surprise, by path. */
const comments: readonly [path: readonly string[], comment: string][] = [
  [
    ['x-hardening'],
    ' Every container: read-only, no capabilities, no new privileges, rotated logs, a real PID 1.',
  ],
  [
    ['services', 'secrets'],
    ' Makes passwords and certificate on the first start and keeps them in volumes: different on every machine, in no file here.',
  ],
  [
    ['services', 'secrets', 'user'],
    ' The only root: fresh volumes belong to root. It has no capability and no network, and ends at once.',
  ],
  [['services', 'migrate'], ' Runs once per "up", before product-api starts.'],
  [['networks'], ' One network for each link: what is not linked cannot be reached.'],
];

/** The compose file as a person would have written it: ordered, one anchor, comments where a line surprises. */
export function toYaml(compose: ComposeDocument, header: string): string {
  const services = Object.entries(compose.services).map(([name, service]) => [
    name,
    withoutHardening(service),
  ]);
  const document = new Document(
    { ...compose, services: Object.fromEntries(services) },
    { aliasDuplicateObjects: false },
  );
  addHardeningAnchor(document);
  for (const section of (document.contents as YAMLMap<Scalar>).items.slice(1)) section.key.spaceBefore = true;
  for (const [path, comment] of comments) commentBefore(document, path, comment);
  document.commentBefore = header;
  return document.toString({ lineWidth: 0, blockQuote: 'literal', nullStr: '' });
}

function withoutHardening(service: object): object {
  return Object.fromEntries(Object.entries(service).filter(([key]) => !(key in hardening)));
}

function addHardeningAnchor(document: Document): void {
  const root = document.contents as YAMLMap;
  const anchored = document.createNode(hardening, { aliasDuplicateObjects: false });
  anchored.anchor = 'hardening';
  root.items.splice(1, 0, new Pair(new Scalar('x-hardening'), anchored));
  const services = document.get('services') as YAMLMap<unknown, YAMLMap>;
  for (const [index, pair] of services.items.entries()) {
    (pair.key as unknown as Scalar).spaceBefore = index > 0;
    const { value } = pair;
    value!.items.unshift(
      new Pair(new Scalar('<<'), document.createAlias(anchored as YAMLMap, 'hardening')) as never,
    );
  }
}

function commentBefore(document: Document, path: readonly string[], comment: string): void {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1));
  if (!isMap(parent)) return;
  const pair = parent.items.find(({ key }) => String(key) === path.at(-1));
  if (pair) (pair.key as Scalar).commentBefore = comment;
}
