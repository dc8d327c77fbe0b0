import { keys, type Key } from './setting-keys.ts';

const entries = Object.entries(keys) as [string, Key<unknown>][];

/** Every key as a Markdown page: type, range, default, what it does, what a change does. */
export function settingsTable(): string {
  return [
    '# Settings',
    '',
    '`pulumi config set KEY VALUE`, then `pulumi up`. Wrong values are refused, all at once, before anything is touched; values are also',
    'checked together: connections against `databaseMaxConnections`, ports against each other, memory and CPUs against the engine.',
    'Made by `npm run settings` from [stacks/keys](../stacks/keys), the tables that also validate; do not edit.',
    '',
    'Editors check `Pulumi.<stack>.yaml` when its first line is `# yaml-language-server: $schema=./settings.schema.json`.',
    '',
    '| key | type | range | default | what it does | a change |',
    '| --- | --- | --- | --- | --- | --- |',
    ...entries.map(row),
    '',
    'Of the providers, `docker:host` says [which machine](remote-hosts.md).',
    '',
  ].join('\n');
}

function row([name, key]: [string, Key<unknown>]): string {
  const { kind, help, changes } = key;
  const cells = [
    `\`${name}\``,
    typeName(key),
    range(kind.schema) ?? kind.expects,
    fallback(key),
    help,
    changes,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function typeName({ kind: { schema } }: Key<unknown>): string {
  return schema['contentMediaType'] === undefined ? String(schema['type']) : 'JSON';
}

function range({ minimum, maximum }: Record<string, unknown>): string | undefined {
  return minimum === undefined ? undefined : `${minimum} to ${maximum}`;
}

function fallback({ default: value }: Key<unknown>): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'none';
  return `\`${typeof value === 'object' ? JSON.stringify(value) : String(value)}\``;
}

/** JSON Schema (draft 7, which editors know) of `Pulumi.<stack>.yaml`. */
export function settingsSchema(): object {
  const own = Object.fromEntries(entries.map(([name, key]) => [`product-stack:${name}`, property(key)]));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Settings of a product-stack',
    type: 'object',
    properties: {
      config: {
        type: 'object',
        properties: own,
        // Keys of other namespaces, such as docker:host, are their providers' business.
        propertyNames: { anyOf: [{ enum: Object.keys(own) }, { not: { pattern: '^product-stack:' } }] },
      },
    },
  };
}

/** Pulumi writes values as text and also takes them as numbers or maps; `secure` is what it encrypted. */
function property({ kind, default: value, help, changes }: Key<unknown>): object {
  const encrypted = { type: 'object', required: ['secure'] };
  return {
    description: `${help}; ${kind.expects}. A change ${changes}.`,
    ...(!Array.isArray(value) && value !== undefined && { default: value }),
    anyOf: [...(kind.isSecret ? [] : [kind.schema, ...asText(kind.schema)]), encrypted],
  };
}

function asText({ type, contentMediaType }: Record<string, unknown>): object[] {
  if (contentMediaType !== undefined) return [{ type: 'object', additionalProperties: { type: 'string' } }];
  if (type === 'integer') return [{ type: 'string', pattern: '^\\d{1,9}$' }];
  if (type === 'number') return [{ type: 'string', pattern: '^\\d{1,6}(\\.\\d{1,2})?$' }];
  return type === 'boolean' ? [{ enum: ['true', 'false'] }] : [];
}
