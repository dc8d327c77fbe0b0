import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { planChanges } from '../../preview/plan-changes.ts';
import { errorsOf, type ContainerInputs, type RawPlan, type RawStep } from '../../preview/plan.ts';
import { toMarkdown, toText } from '../../preview/render.ts';
import { sorted, type Change } from '../../preview/change.ts';

const recorded = JSON.parse(
  readFileSync(new URL('fixtures/pulumi-preview.json', import.meta.url), 'utf8'),
) as RawPlan;

/** A line as a reader sees it: mark, operation, what, reasons. */
function line({ operation, what, reasons, danger }: Change): string {
  return `${danger ? `!${danger.rank} ` : ''}${operation} ${what}: ${reasons.join('; ')}`;
}

const parents = {
  container: 'product-stack:index:ReplicatedService$docker:index/container:Container',
  data: 'product-stack:index:DataVolume$docker:index/volume:Volume',
  password: 'random:index/randomPassword:RandomPassword',
  image: 'product-stack:index:ServiceImage$docker:index/remoteImage:RemoteImage',
  network: 'product-stack:index:LinkNetwork$docker:index/network:Network',
};

interface Given {
  readonly kind: keyof typeof parents;
  readonly name: string;
  readonly op: string;
  readonly before?: ContainerInputs;
  readonly after?: ContainerInputs;
  readonly why?: string[];
}

function step({ kind, name, op, before, after, why }: Given): RawStep {
  return {
    op,
    urn: `urn:pulumi:s::product-stack::product-stack:index:ProductStack$${parents[kind]}::${name}`,
    oldState: { inputs: before },
    newState: { inputs: after },
    replaceReasons: op === 'replace' ? why : undefined,
    diffReasons: why,
  };
}

function inputs(service: string, more: ContainerInputs = {}, role = 'replica'): ContainerInputs {
  const labels = [
    { label: 'product-stack.service', value: service },
    { label: 'product-stack.role', value: role },
  ];
  return { labels, ...more };
}

const data = { volumes: [{ containerPath: '/data', readOnly: false, volumeName: 'data' }] };
const open = { ports: [{ ip: '0.0.0.0', external: 80, internal: 8080 }] };
const closed = { ports: [{ ip: '127.0.0.1', external: 8080, internal: 8080 }] };
const moved = { ports: [{ ip: '127.0.0.1', external: 8090, internal: 8080 }] };

describe('a preview of what up would do', () => {
  it('tells a recorded one in lines that people read', () => {
    expect(sorted(planChanges(recorded)).map(line)).to.deep.equal([
      '!2 replace database: command line',
      '!3 replace edge: port 127.0.0.1:18999 → 127.0.0.2:18999',
      'replace image product-api: its sources changed',
      'replace product-api: environment: API_TOKEN; new image',
      'create product-api: replicas 1 → 2',
      'update storefront: memory 256 → 300 MiB',
      'reload files of gateway: contents of its files',
      'reload gateway: its files are loaded anew',
      'reload passwords of product-api: new image',
    ]);
  });

  const cases: [string, Given[], string[]][] = [
    [
      'a data volume that goes',
      [{ kind: 'data', name: 'database-data', op: 'delete' }],
      ['!1 delete volume database-data: no longer used'],
    ],
    [
      'a data volume that is replaced',
      [{ kind: 'data', name: 'database-data', op: 'replace', why: ['driver'] }],
      ['!1 replace volume database-data: driver'],
    ],
    [
      'another major version of Postgres',
      [
        { kind: 'image', name: 'postgres:17', op: 'create' },
        { kind: 'image', name: 'postgres:18-trixie', op: 'delete' },
      ],
      ['!1 create image postgres:17: new', 'delete image postgres:18-trixie: no longer used'],
    ],
    [
      'another minor version of Postgres',
      [
        { kind: 'image', name: 'postgres:18.2', op: 'create' },
        { kind: 'image', name: 'postgres:18.1', op: 'delete' },
      ],
      ['delete image postgres:18.1: no longer used', 'create image postgres:18.2: new'],
    ],
    [
      'a password that is made anew',
      [{ kind: 'password', name: 'database-app-password', op: 'replace', why: ['length'] }],
      ['!2 replace password database-app-password: length'],
    ],
    [
      'a password that is rotated',
      [{ kind: 'password', name: 'database-app-password-even', op: 'replace', why: ['keepers'] }],
      ['replace password database-app-password-even: rotated'],
    ],
    [
      'a database that goes',
      [{ kind: 'container', name: 'database-1', op: 'delete', before: inputs('database', data) }],
      ['!2 delete database: gone'],
    ],
    [
      'a port that is opened to the world',
      [
        {
          kind: 'container',
          name: 'edge-1',
          op: 'replace',
          before: inputs('edge', closed),
          after: inputs('edge', open),
          why: ['ports'],
        },
      ],
      ['!3 replace edge: port 127.0.0.1:8080 → 0.0.0.0:80'],
    ],
    [
      'a new stack that is open to the world',
      [{ kind: 'container', name: 'edge-1', op: 'create', after: inputs('edge', open) }],
      ['!3 create edge: new'],
    ],
    [
      'a port that moves',
      [
        {
          kind: 'container',
          name: 'edge-1',
          op: 'replace',
          before: inputs('edge', closed),
          after: inputs('edge', moved),
          why: ['ports'],
        },
      ],
      ['!3 replace edge: port 127.0.0.1:8080 → 127.0.0.1:8090'],
    ],
    [
      'a service with one container and no candidate',
      [
        {
          kind: 'container',
          name: 'gateway-1',
          op: 'replace',
          before: inputs('gateway'),
          after: inputs('gateway'),
          why: ['image'],
        },
      ],
      ['!4 replace gateway: new image'],
    ],
    [
      'three replicas and their candidate',
      [
        {
          kind: 'container',
          name: 'api-candidate',
          op: 'replace',
          after: inputs('api', {}, 'candidate'),
          why: ['image'],
        },
        ...[1, 2, 3].map((n) => ({
          kind: 'container' as const,
          name: `api-${n}`,
          op: 'replace',
          before: inputs('api'),
          after: inputs('api'),
          why: ['image'],
        })),
      ],
      ['replace api ×3: new image'],
    ],
    ['a network', [{ kind: 'network', name: 'a-b', op: 'create' }], ['create network a-b: new']],
    ['a way out', [{ kind: 'network', name: 'a-egress', op: 'create' }], ['!3 create network a-egress: new']],
    ['nothing', [{ kind: 'network', name: 'a-b', op: 'same' }], []],
  ];
  for (const [name, given, expected] of cases) {
    it(`says what ${name} means`, () =>
      expect(sorted(planChanges({ steps: given.map(step) })).map(line)).to.deep.equal(expected));
  }

  it('never shows a value that could be secret', () => {
    const secret = 'hunter2-of-the-test';
    const change = {
      envs: [`API_TOKEN=${secret}`],
      command: [secret],
      uploads: [{ content: secret }],
      healthcheck: secret,
    };
    const why = Object.keys(change);
    const given: Given = {
      kind: 'container',
      name: 'api-1',
      op: 'replace',
      before: inputs('api'),
      after: inputs('api', change),
      why,
    };
    const changes = planChanges({ steps: [step(given)] });
    for (const text of [toMarkdown('x', [{ title: 'y', changes }]), toText('x', [{ title: 'y', changes }])]) {
      expect(text).to.match(/API\\?_TOKEN/);
      expect(text).not.to.contain(secret);
    }
    expect(JSON.stringify(recorded), 'the fixture has one').to.contain('s3cr3t-value');
    expect(JSON.stringify(planChanges(recorded))).not.to.contain('s3cr3t-value');
  });

  it("tells errors without Pulumi's prefix, and no warnings", () => {
    const diagnostics = [
      { message: 'warning: using x', severity: 'warning' },
      { message: 'error: \nstaging: replicas must be …\n', severity: 'error' },
    ];
    expect(errorsOf({ diagnostics })).to.deep.equal(['staging: replicas must be …']);
  });
});

describe('the comment', () => {
  const changes: Change[] = [
    { operation: 'create', what: 'api ×2', reasons: ['replicas 1 → 3'] },
    {
      operation: 'delete',
      what: 'a | b',
      reasons: ['<img src=x> @team `code`'],
      danger: { rank: 1, text: 'data' },
    },
  ];

  it('is a table, dangerous things first, and nothing in it becomes markup', () => {
    expect(toMarkdown('Preview of staging', [{ title: 'Plan', changes }])).to.equal(
      [
        '## Preview of staging',
        '',
        '### Plan',
        '',
        '1 created, 1 deleted; 1 to look at twice.',
        '',
        '| | what | change | why |',
        '| --- | --- | --- | --- |',
        '| ⚠️ | a \\| b | deleted | &lt;img src=x> \\@team \\`code\\`<br>**data** |',
        '|  | api ×2 | created | replicas 1 → 3 |',
        '',
      ].join('\n'),
    );
  });

  it('is text for a terminal', () => {
    expect(toText('Preview of staging', [{ title: 'Plan', changes }]).split('\n')).to.deep.equal([
      'Preview of staging',
      '',
      '== Plan',
      '! a | b   deleted            <img src=x> @team `code`',
      '          → data',
      '  api ×2  created            replicas 1 → 3',
      '1 created, 1 deleted; 1 to look at twice.',
      '',
    ]);
  });

  it('says so when nothing changes, or when nothing could be looked at', () => {
    const text = toMarkdown('x', [
      { title: 'one', changes: [] },
      { title: 'two', changes: undefined, note: 'no engine' },
    ]);
    expect(text).to.contain('### one\n\nNothing changes.\n\n### two\n\nno engine\n');
  });

  it('keeps a diff inside its fence and under the limit of a comment', () => {
    const diff = `+ \`\`\`\n${'+ line\n'.repeat(10_000)}`;
    const text = toMarkdown('x', [{ title: 'one', changes: [], diff }]);
    expect(text).to.contain('````diff\n+ ```\n').and.to.contain('(cut off here)\n````');
    expect(text.length).to.be.lessThan(50_000);
  });
});
