import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const program = fileURLToPath(new URL('support/slow-server.ts', import.meta.url));

/** Starts the program on `port`, 0 for any. */
function start(port: number): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, ['--import', 'tsx', program, String(port)]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += String(data)));
  return { child, output: () => said };
}

async function portOf(child: ChildProcess): Promise<number> {
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return Number(/port (\d+)/.exec(line.toString())![1]);
}

/** Asks; the status and the Connection header. */
function ask(port: number, path: string, agent: Agent): Promise<[number | undefined, string | undefined]> {
  return new Promise((resolve, reject) => {
    get({ port, path, agent, host: '127.0.0.1' }, (answer: IncomingMessage) => {
      answer.resume().on('end', () => resolve([answer.statusCode, answer.headers.connection]));
    }).on('error', reject);
  });
}

describe('serve', () => {
  let running: ChildProcess | undefined;
  afterEach(() => running?.kill('SIGKILL'));

  it('on SIGTERM refuses new connections, finishes what is in flight, and ends with 143', async () => {
    const { child, output } = start(0);
    running = child;
    const port = await portOf(child);
    const agent = new Agent({ keepAlive: true });
    expect(await ask(port, '/', agent)).to.deep.equal([200, 'keep-alive']);
    const slow = Array.from({ length: 5 }, () => ask(port, '/slow', agent));
    await sleep(200);
    child.kill('SIGTERM');
    await sleep(100);
    const refused = await ask(port, '/', new Agent()).catch((error: { code?: string }) => error.code);
    expect(refused).to.equal('ECONNREFUSED');
    expect(output()).not.to.include('closed');
    expect(await Promise.all(slow)).to.deep.equal(Array(5).fill([200, 'close']));
    const [code] = await once(child, 'exit');
    expect(code).to.equal(143);
    expect(output()).to.include('closed');
  });

  it('answers what came in on an idle connection while it was held up, before it ends that', async () => {
    const { child } = start(0);
    running = child;
    const port = await portOf(child);
    const agent = new Agent({ keepAlive: true });
    await ask(port, '/busy', agent);
    child.kill('SIGTERM');
    await sleep(2200);
    expect(await ask(port, '/', agent)).to.deep.equal([200, 'close']);
  });

  it('answers on a connection that came in while it was held up, before it takes no more', async () => {
    const { child } = start(0);
    running = child;
    const port = await portOf(child);
    await ask(port, '/busy-stop', new Agent());
    child.kill('SIGTERM');
    await sleep(300);
    expect(await ask(port, '/', new Agent())).to.deep.equal([200, 'close']);
    const refused = await ask(port, '/', new Agent()).catch((error: { code?: string }) => error.code);
    expect(refused).to.equal('ECONNREFUSED');
  });

  it('leaves idle connections to their clients for a while, and ends as soon as there are none', async () => {
    const { child } = start(0);
    running = child;
    const port = await portOf(child);
    const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })] as const;
    for (const agent of agents) await ask(port, '/', agent);
    const begun = performance.now();
    child.kill('SIGTERM');
    await sleep(1200);
    expect(await ask(port, '/', agents[0])).to.deep.equal([200, 'close']);
    agents[1].destroy();
    expect(await once(child, 'exit')).to.deep.equal([143, null]);
    expect(performance.now() - begun).to.be.below(1900);
  });

  it('says in one line that it cannot listen, and ends with 1', async () => {
    const first = start(0);
    running = first.child;
    const port = await portOf(first.child);
    const second = start(port);
    const [code] = await once(second.child, 'close');
    expect(code).to.equal(1);
    expect(second.output()).to.equal(
      `cannot listen on HOST 127.0.0.1, PORT ${port}; set them to an address that is free here: ` +
        `listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
    );
  });
});
