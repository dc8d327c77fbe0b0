import { spawn } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';

/** A port of this machine that leads to one of another. */
export interface Tunnel {
  readonly port: number;
  close(): void;
}

/**
 * Forwards a free port of this machine to `port` on the loopback address of `host`, such as `ssh://deploy@shop.example.com:2222`.
 * @throws Error with what ssh said when it does not stand within 15 seconds.
 */
export async function openTunnel(host: string, port: number): Promise<Tunnel> {
  const local = await freePort();
  const { username, hostname, port: sshPort } = new URL(host);
  const target = username === '' ? hostname : `${username}@${hostname}`;
  const forward = [
    '-N',
    '-o',
    'BatchMode=yes',
    '-o',
    'ExitOnForwardFailure=yes',
    '-L',
    `127.0.0.1:${local}:127.0.0.1:${port}`,
  ];
  const ssh = spawn('ssh', [...forward, ...(sshPort === '' ? [] : ['-p', sshPort]), target], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  ssh.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  ssh.on('error', (error) => (said += error.message));
  for (const until = Date.now() + 15_000; Date.now() < until && ssh.exitCode === null;) {
    if (await answers(local)) return { port: local, close: () => void ssh.kill() };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  ssh.kill();
  throw new Error(`no way to ${host}: ${said.trim() || 'ssh does not answer'}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).once('error', () => resolve(false));
  });
}
