import { expect } from 'chai';
import { parseSettings, type RawConfig } from '../../stacks/settings.ts';
import { problemsOf } from '../support/problems.ts';

const problems = (raw: RawConfig) => problemsOf('staging', raw);

describe('settings', () => {
  const wrong: [string, RawConfig, string[]][] = [
    [
      'a word',
      { replicas: 'five' },
      [
        'staging: replicas must be a whole number from 1 to 50, got "five". Run: pulumi config set replicas 3',
      ],
    ],
    [
      'zero',
      { replicas: '0' },
      ['staging: replicas must be a whole number from 1 to 50, got "0". Run: pulumi config set replicas 3'],
    ],
    [
      'a negative',
      { replicas: '-1' },
      ['staging: replicas must be a whole number from 1 to 50, got "-1". Run: pulumi config set replicas 3'],
    ],
    [
      'an exponent',
      { replicas: '1e9' },
      ['staging: replicas must be a whole number from 1 to 50, got "1e9". Run: pulumi config set replicas 3'],
    ],
    [
      'nothing',
      { replicas: '' },
      ['staging: replicas must be a whole number from 1 to 50, got "". Run: pulumi config set replicas 3'],
    ],
    [
      'a port that is none',
      { httpPort: '99999' },
      [
        'staging: httpPort must be a whole number from 1025 to 65535, got "99999". Run: pulumi config set httpPort 8080',
      ],
    ],
    [
      'an address that is none',
      { bindAddress: '256.0.0.1' },
      [
        'staging: bindAddress must be an IPv4 address, got "256.0.0.1". Run: pulumi config set bindAddress 127.0.0.1',
      ],
    ],
    [
      'an image that is none',
      { nginxImage: 'Nginx:' },
      [
        'staging: nginxImage must be an image reference like team/api:1.2, got "Nginx:". Run: pulumi config set nginxImage team/api:1.2',
      ],
    ],
    [
      'an unknown key',
      { replica: '3' },
      ['staging: replica is not a setting; did you mean replicas? Run: pulumi config rm replica'],
    ],
    [
      'environment that is not JSON',
      { storefrontEnv: 'A=1' },
      [
        'staging: storefrontEnv must be a JSON object of environment variables with text values. Run: pulumi config set storefrontEnv \'{"LOG_LEVEL":"debug"}\'',
      ],
    ],
    [
      'an own image without its health path',
      { productApiImage: 'team/api:1' },
      [
        'staging: productApiImage needs productApiHealthPath, the path that answers 200 when it is ready. Run: pulumi config set productApiHealthPath /healthz',
      ],
    ],
    [
      'one port for two',
      { httpPort: '8443' },
      ['staging: httpPort and httpsPort must differ, both are 8443. Run: pulumi config set httpsPort 8444'],
    ],
    [
      'a certificate without its key',
      { tlsCertificate: '-----BEGIN CERTIFICATE-----' },
      ['staging: tlsCertificate needs tlsKey. Run: pulumi config set tlsKey --secret <key.pem'],
    ],
    [
      'a key without its certificate',
      { tlsKey: '-----BEGIN PRIVATE KEY-----' },
      ['staging: tlsKey needs tlsCertificate. Run: pulumi config set tlsCertificate ./certificate.pem'],
    ],
    [
      'a certificate that is none',
      { tlsCertificate: './nowhere.pem' },
      [
        'staging: tlsCertificate must be PEM text, or the path of a file with it, got "./nowhere.pem". Run: pulumi config set tlsCertificate ./certificate.pem',
      ],
    ],
    [
      'host names that are none',
      { hosts: 'shop.example, -x' },
      [
        'staging: hosts must be host names with commas between them, got "shop.example, -x". Run: pulumi config set hosts shop.example,www.shop.example',
      ],
    ],
    [
      'a flag that is none',
      { redirectHttp: 'yes' },
      ['staging: redirectHttp must be true or false, got "yes". Run: pulumi config set redirectHttp true'],
    ],
    [
      'more connections than Postgres accepts',
      { replicas: '50' },
      [
        'staging: databaseMaxConnections must be at least 713, got 300: a release needs (2 × 50 replicas + 1 candidate) × (6 connections + 1 that watches) + 6 others. Run: pulumi config set databaseMaxConnections 713',
      ],
    ],
    [
      'metrics that do not fit into their room',
      { metrics: 'true', 'metrics.keepDays': '365', 'metrics.diskMiB': '64' },
      [
        'staging: metrics.diskMiB must be at least 30076 for metrics.keepDays 365, got 64. Run: pulumi config set metrics.diskMiB 30076',
      ],
    ],
  ];
  for (const [name, raw, expected] of wrong)
    it(`refuses ${name}`, () => expect(problems(raw)).to.deep.equal(expected));

  it('tells all problems at once', () => {
    expect(problems({ replicas: 'five', httpPort: '0', colour: 'red' })).to.have.length(3);
  });

  it('takes an empty configuration: everything has a default', () => {
    const { stack, replicas, storefrontReplicas, bindAddress, httpPort } = parseSettings('dev', {});
    expect({ stack, replicas, storefrontReplicas, bindAddress, httpPort }).to.deep.equal({
      stack: 'dev',
      replicas: 3,
      storefrontReplicas: 2,
      bindAddress: '127.0.0.1',
      httpPort: 8080,
    });
  });

  const images = [
    'nginx',
    'nginx:1.30-alpine',
    'ghcr.io/team/api:1.2',
    'localhost:5000/a/b',
    `a@sha256:${'0'.repeat(64)}`,
  ];
  for (const image of images)
    it(`takes the image ${image}`, () => expect(problems({ nginxImage: image })).to.deep.equal([]));
});
