import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { Credentials } from '../product-api/credentials.ts';
import { Pulse } from '../product-api/pulse.ts';

const silenceMs = 100;

/** Listens in a thread of its own, and says something 20 ms after it was connected to. */
const talker = `
  const server = require('node:net').createServer((socket) => {
    socket.on('error', () => undefined);
    setTimeout(() => socket.write('!'), 20);
  });
  server.listen(0, '127.0.0.1', () => require('node:worker_threads').parentPort.postMessage(server.address().port));`;

describe('the pulse of the database', () => {
  const options = { host: '127.0.0.1', port: 1, database: 'x', user: 'x', passwordFiles: [], poolSize: 1 };
  const pulse = () =>
    new Pulse({ ...options, silenceMs, readMs: 1000, writeMs: 1000 }, new Credentials(['/none']));

  it('is lost after so long without a sign of life', async () => {
    const why = await new Promise<string>((resolve) => pulse().watch(1000, resolve));
    expect(why).to.equal('not a sign of life for 100 ms');
  });

  it('is not lost when this process was held up, and the answer has long arrived', async () => {
    const worker = new Worker(talker, { eval: true });
    const [port] = (await once(worker, 'message')) as [number];
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const given: string[] = [];
    const stop = pulse().watch(1000, (why) => given.push(why));
    socket.once('data', stop);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3 * silenceMs);
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
    await worker.terminate();
    expect(given).to.deep.equal([]);
  });
});
