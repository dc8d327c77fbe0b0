import { createServer, type AddressInfo } from 'node:net';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Database } from '../../../apps/product-api/database.ts';
import { migrate } from '../../../apps/migrate/migrate.ts';
import type { DatabaseOptions } from '../../../apps/product-api/pool.ts';
import { docker, eventually } from './run.ts';

const secrets = ['superuser', 'owner', 'app'].map((role) => `database-${role}-password`);
const image = process.env['POSTGRES_IMAGE'] ?? 'postgres:18-trixie';

const defaults = { poolSize: 10, silenceMs: 900, readMs: 2700, writeMs: 4000 };

/** A Postgres of its own with the stack's roles, on a loopback port; nothing of it remains after `remove`. */
export class DatabaseContainer {
  readonly name: string;
  private readonly secretFolder = mkdtempSync(join(tmpdir(), 'e2e-database-'));
  private port = 0;

  constructor(name: string) {
    this.name = `e2e-${name}-${process.pid}`;
  }

  /** Starts it and waits until its roles are there. */
  async start(): Promise<void> {
    for (const name of secrets) writeFileSync(join(this.secretFolder, name), `${name}-é'"\\ `.trim());
    chmodSync(this.secretFolder, 0o755); // Postgres runs as another user.
    const scripts = fileURLToPath(new URL('../../../database', import.meta.url));
    this.port = await freePort();
    const options = {
      name: this.name,
      user: '999:999',
      restart: 'on-failure:5',
      tmpfs: '/tmp',
      publish: `127.0.0.1:${this.port}:5432`,
      env: 'POSTGRES_PASSWORD_FILE=/run/secrets/database-superuser-password',
      mount: `type=bind,source=${scripts},target=/etc/product-stack,readonly`,
      volume: `${this.secretFolder}:/run/secrets:ro`,
    };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const command = ['bash', '/etc/product-stack/serve.sh', '-c', 'fsync=off'];
    await docker('run', '--detach', '--init', ...flags, image, ...command);
    await this.ready();
  }

  /** Waits until it is up with its roles. */
  async ready(): Promise<void> {
    await eventually(60, 'roles in the database', () => docker('exec', this.name, 'ls', '/tmp/roles-ready'));
  }

  /** Runs the migrations of this checkout. */
  migrate(catalogueSize: number): Promise<string[]> {
    return migrate({ ...this.login('owner'), appRole: 'product_app', catalogueSize });
  }

  /** Connects as `role`. Close it. */
  connect(role: 'app' | 'owner', options: Partial<DatabaseOptions> = {}): Database {
    return new Database({
      ...this.login(role),
      passwordFiles: [this.login(role).passwordFile],
      ...defaults,
      ...options,
    });
  }

  /** Locks a table against reads and writes for some seconds: a database that is slow and not away. */
  hold(table: string, seconds: number): Promise<string> {
    const sql = `BEGIN; LOCK TABLE ${table}; SELECT pg_sleep(${seconds}); COMMIT`;
    return docker('exec', this.name, 'psql', '-q', '-U', 'postgres', '-d', 'product', '-c', sql);
  }

  /** Makes every connection take so many seconds to open, as on a machine that is busy; those that are open do not notice. */
  async delayConnections(seconds: number): Promise<void> {
    const commands = [`ALTER SYSTEM SET pre_auth_delay = ${seconds}`, 'SELECT pg_reload_conf()'];
    const args = commands.flatMap((sql) => ['-c', sql]);
    await docker('exec', this.name, 'psql', '-q', '-U', 'postgres', ...args);
  }

  async remove(): Promise<void> {
    rmSync(this.secretFolder, { recursive: true, force: true });
    await docker('rm', '--force', '--volumes', this.name).catch(() => undefined);
  }

  private login(role: 'app' | 'owner') {
    const passwordFile = join(this.secretFolder, `database-${role}-password`);
    return { host: '127.0.0.1', port: this.port, database: 'product', user: `product_${role}`, passwordFile };
  }
}

// Not left to Docker, which would choose another one when the container is started again.
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
