import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { folderProblems } from '../../../engine/backup-folder.ts';
import { checkoutProblems } from '../../../engine/checkout.ts';
import { productTopology } from '../../../stacks/product.ts';
import { parseSettings, type RawConfig } from '../../../stacks/settings.ts';
import { whereItCounts } from '../../support/where-it-counts.ts';

const backup = { 'backup.schedule': '0 3 * * *', 'backup.folder': '/srv/backups' };
const topology = (raw: RawConfig) => productTopology(parseSettings('unit', raw));

describe('a folder for backups', () => {
  it('is in place of the volume, and read-only for what copies them', () => {
    const { services, volumes } = topology({ ...whereItCounts('backup.s3.bucket'), ...backup });
    expect(volumes.map(({ name }) => name)).to.deep.equal(['database-data']);
    const mounts = services.flatMap(({ name, binds = [] }) => binds.map((bind) => ({ name, ...bind })));
    expect(mounts).to.deep.equal([
      { name: 'backup', source: '/srv/backups', target: '/var/lib/postgresql', readOnly: false },
      { name: 'backup-upload', source: '/srv/backups', target: '/backups', readOnly: true },
    ]);
  });

  const root = mkdtempSync(join(tmpdir(), 'product-stack-'));
  after(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'backups');
  const { uid, gid } = { uid: process.getuid!(), gid: process.getgid!() };
  const ask = (mode: number, local = true) => {
    chmodSync(folder, mode);
    return folderProblems(topology({ ...backup, 'backup.folder': folder }), local);
  };
  before(() => mkdirSync(folder));

  it('must be there', () =>
    expect(folderProblems(topology({ ...backup, 'backup.folder': join(root, 'none') }), true)).to.deep.equal([
      `unit: there is no folder ${root}/none. Run: sudo install -d -o 999 -g 999 -m 700 '${root}/none'`,
    ]));

  it('must be a folder', () => {
    writeFileSync(join(root, 'file'), '');
    expect(folderProblems(topology({ ...backup, 'backup.folder': join(root, 'file') }), true)).to.deep.equal([
      `unit: ${root}/file is no folder. Run: pulumi config set backup.folder /srv/backups`,
    ]);
  });

  it('must be the backups’ own, or open to all', () => {
    const said = `unit: ${folder} belongs to ${uid}:${gid} with mode 755, and backup writes there as 999:999. Run: sudo chown 999:999 '${folder}'; sudo chmod 700 '${folder}'`;
    expect(ask(0o755)).to.deep.equal([said]);
    expect(ask(0o777)).to.deep.equal([]);
    if (uid === 0) {
      chownSync(folder, 999, 999);
      expect(ask(0o700)).to.deep.equal([]);
    }
  });

  it('is not looked for where the engine is elsewhere, and is none of the checkout’s', () => {
    expect(ask(0o755, false)).to.deep.equal([]);
    expect(checkoutProblems(topology(backup), false)).to.deep.equal([]);
  });
});
