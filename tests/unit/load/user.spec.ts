import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { Recorder } from '../../../load/recorder.ts';
import { Lost, User } from '../../../load/user.ts';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const last = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok';

/** A server that answers the nth request of all with the nth of these texts; "" ends the connection instead. */
async function serverOf(answers: readonly string[]): Promise<Server> {
  let asked = 0;
  const answer = (socket: Socket) => {
    const text = answers[asked++] ?? ok;
    if (text === ok) socket.write(text);
    else socket.end(text);
  };
  const server = createServer((socket) =>
    socket.on('data', () => answer(socket)).on('error', () => undefined),
  );
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('load: what counts as lost', () => {
  const cases: [name: string, answers: string[], errors: string[]][] = [
    ['good answers', [ok, ok, ok], []],
    ['a connection that ends without an answer', [ok, '', ok], ['UND_ERR_SOCKET']],
    [
      'an answer that is cut off',
      [ok, 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok', ok],
      ['UND_ERR_SOCKET'],
    ],
    ['another status', ['HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n', ok, ok], ['503']],
    ['not a connection that says "close" with its answer', [last, last, last], []],
  ];
  for (const [name, answers, errors] of cases)
    it(name, async () => {
      const server = await serverOf(answers);
      const recorder = new Recorder();
      const { port } = server.address() as AddressInfo;
      const user = new User(0, `http://127.0.0.1:${port}`, recorder, 0);
      const seen: string[] = [];
      for (let i = 0; i < answers.length; i++)
        await user.ask({ route: 'r', path: '/' }).catch((error: Lost) => seen.push(error.message));
      await user.close();
      server.close();
      expect(seen).to.deep.equal(errors);
      const { total } = recorder.result(1);
      expect(total.requests).to.equal(answers.length);
      expect(Object.keys(total.errors)).to.deep.equal(errors);
      expect([recorder.inFlight, recorder.connections]).to.deep.equal([0, 0]);
    });
});
