import { expect } from 'chai';
import type { RawConfig } from '../../../stacks/settings.ts';
import { problemsOf } from '../../support/problems.ts';

const swarm = { engine: 'swarm', bindAddress: '0.0.0.0', registry: 'registry.example.com/team' };

const problems = (raw: RawConfig) => problemsOf('prod', raw);

const cases: [string, RawConfig, string[]][] = [
  ['nothing else', swarm, []],
  ['a registry with a port', { ...swarm, registry: '10.0.0.10:5000' }, []],
  [
    'nothing but the engine',
    { engine: 'swarm' },
    [
      'prod: bindAddress is 127.0.0.1, and a Swarm opens ports on every address of a node. Run: pulumi config set bindAddress 0.0.0.0',
      'prod: engine swarm needs registry, from which every node gets the images that are built. Run: pulumi config set registry registry.example.com/team',
    ],
  ],
  [
    'local development',
    { ...swarm, dev: 'true', devUser: '1000:1000' },
    [
      'prod: dev shares this checkout with its containers, which the nodes of a Swarm do not have. Run: pulumi config set engine docker',
    ],
  ],
  [
    'the containers of one engine',
    { ...swarm, metrics: 'true', 'metrics.dockerGroup': '999', 'metrics.address': '0.0.0.0' },
    [
      "prod: metrics.dockerGroup shows the containers of one engine, and a Swarm has one on every node. Run: pulumi config rm 'metrics.dockerGroup'",
    ],
  ],
  [
    'dashboards that are open by accident',
    { ...swarm, metrics: 'true' },
    [
      'prod: metrics.address is 127.0.0.1, and a Swarm opens ports on every address of a node. Run: pulumi config set metrics.address 0.0.0.0',
    ],
  ],
  [
    'backups in a folder of one machine',
    { ...swarm, 'backup.schedule': '0 3 * * *', 'backup.folder': '/srv/backups' },
    [
      "prod: backup.folder is of one machine, and a Swarm's services share nothing with theirs. Run: pulumi config rm backup.folder",
    ],
  ],
  [
    'a password that is rotated',
    { ...swarm, databasePasswordVersion: '2' },
    [
      'prod: databasePasswordVersion needs secrets that change under a running container, and those of a Swarm do not. Run: pulumi config rm databasePasswordVersion',
    ],
  ],
  [
    'an engine that is none',
    { ...swarm, engine: 'kubernetes' },
    ['prod: engine must be docker or swarm, got "kubernetes". Run: pulumi config set engine swarm'],
  ],
  [
    'a registry that is a URL',
    { ...swarm, registry: 'https://registry.example.com' },
    [
      'prod: registry must be a registry like registry.example.com/team, got "https://registry.example.com". Run: pulumi config set registry registry.example.com/team',
    ],
  ],
  [
    'on one engine, what is for a Swarm',
    { registry: 'registry.example.com', overlayEncryption: 'false' },
    [
      'prod: registry says nothing without engine swarm. Run: pulumi config set engine swarm',
      'prod: overlayEncryption says nothing without engine swarm. Run: pulumi config set engine swarm',
    ],
  ],
];

describe('settings of a Swarm', () => {
  for (const [name, raw, expected] of cases)
    it(`with ${name}`, () => expect(problems(raw)).to.deep.equal(expected));
});
