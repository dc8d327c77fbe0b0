import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { docker, run } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';

/** Secrets are where they are used, and nowhere else. */
export function secrets(stack: TestStack): void {
  const own: Record<string, string[]> = {
    database: ['database-app-password', 'database-owner-password', 'database-superuser-password'],
    edge: ['edge-certificate', 'edge-key'],
    gateway: [],
    'product-api': ['database-app-password', 'database-app-password-previous'],
    storefront: [],
  };
  const values = new Set<string>();

  it('each service has only its own', async () => {
    for (const [service, names] of Object.entries(own)) {
      const [id] = await stack.replicas(service);
      const list = await docker('exec', id!, 'sh', '-c', 'ls /run/secrets 2>/dev/null || true');
      expect(list.split('\n').filter(Boolean), service).to.deep.equal(names);
      for (const name of names.filter((one) => one !== 'edge-certificate')) {
        const content = await docker('exec', id!, 'cat', `/run/secrets/${name}`);
        // Of a key, one line of its own is enough to find it by.
        values.add(content.startsWith('-----') ? content.split('\n')[1]! : content);
      }
    }
    expect(values).to.have.property('size', 5);
  });

  it('none is in inspect, environments, command lines or logs', async () => {
    const containers = await stack.containers();
    expectNone('docker inspect', await docker('inspect', ...containers.map(({ id }) => id)));
    for (const { id, name, state } of containers) {
      expectNone(`logs of ${name}`, (await run('docker', ['logs', id])).output);
      if (state !== 'running') continue;
      const seen = await docker(
        'exec',
        id,
        'sh',
        '-c',
        // A process may end before it is read.
        'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null; true',
      );
      expect(seen, name).to.contain('PATH=');
      expectNone(`processes of ${name}`, seen);
    }
  });

  it('none is in the state or the files of the project', () => {
    for (const folder of ['.state', 'compose', 'docs']) {
      for (const file of readdirSync(join(stack.folder, folder), { recursive: true, withFileTypes: true }))
        if (file.isFile()) expectNone(file.name, readFileSync(join(file.parentPath, file.name), 'utf8'));
    }
    expectNone('docker-compose.yml', readFileSync(join(stack.folder, 'docker-compose.yml'), 'utf8'));
  });

  it('none is in the layers or the history of an image', async () => {
    const images = await docker(
      ...[
        'images',
        '--filter',
        `reference=product-stack-${stack.name}/*`,
        '--format',
        '{{.Repository}}:{{.Tag}}',
      ],
    );
    expect(images.split('\n')).to.have.length(3);
    expect(await contains(images.split('\n'), [...values])).to.equal(false);
    expect(await contains(images.split('\n'), ['product-api/server.js']), 'the search finds').to.equal(true);
  });

  function expectNone(where: string, text: string): void {
    for (const value of values) expect(text.includes(value), where).to.equal(false);
  }
}

/** Whether one of the texts is anywhere in the archive of the images: their layers, configuration and history. */
function contains(images: readonly string[], texts: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const saving = spawn('docker', ['save', ...images], { stdio: ['ignore', 'pipe', 'inherit'] });
    let [found, tail] = [false, Buffer.alloc(0)];
    saving.stdout.on('data', (chunk: Buffer) => {
      const both = Buffer.concat([tail, chunk]);
      found ||= texts.some((text) => both.includes(text));
      tail = both.subarray(-200);
    });
    saving
      .on('error', reject)
      .on('close', (code) => (code === 0 ? resolve(found) : reject(new Error('docker save'))));
  });
}
