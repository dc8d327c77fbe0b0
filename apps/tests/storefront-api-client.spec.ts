import { expect } from 'chai';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiAway, ApiRefusal, type ProductInput } from '../storefront/api-client.ts';
import { HttpProductApi } from '../storefront/http-api-client.ts';
import { lamp } from './storefront-fake-api.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const id = 'reqid-12345';
const input: ProductInput = {
  sku: 'S',
  name: 'N',
  description: '',
  price: { amount: 1, currency: 'EUR' },
  stock: 0,
};
const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Handler =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const page = json(200, { items: [lamp], nextCursor: null });
const gone: Handler = (_request, response) => response.writeHead(204).end();
const cut: Handler = (request) => request.socket.destroy();

describe('storefront: the API over http', () => {
  let server: Server;
  let api: HttpProductApi;
  let answers: Handler[];
  let seen: { line: string; headers: IncomingMessage['headers']; body: string; port: number }[];
  beforeEach(async () => {
    seen = [];
    server = createServer(async (request, response) => {
      const body = (await request.toArray()).join('');
      const { method, url, headers, socket } = request;
      seen.push({ line: `${method} ${url}`, headers, body, port: socket.remotePort! });
      (answers.length > 1 ? answers.shift()! : answers[0]!)(request, response, body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    api = new HttpProductApi({ baseUrl: `http://127.0.0.1:${port}/`, timeoutMs: 300 });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('asks for lists, with what is wanted only', async () => {
    answers = [page];
    await api.list({ limit: 2 }, id);
    await api.list({ limit: 2, search: 'a&b', cursor: 'c' }, id);
    expect(seen.map(({ line }) => line)).to.deep.equal([
      'GET /api/products?limit=2',
      'GET /api/products?limit=2&search=a%26b&cursor=c',
    ]);
    expect(seen[0]!.headers['x-request-id']).to.equal(id);
  });

  it('sends keys, versions and products', async () => {
    answers = [json(200, lamp, { etag: '"7"' })];
    expect(await api.read('a/b', id)).to.deep.equal({ product: lamp, etag: '"7"' });
    await api.create(input, 'key-12345', id);
    await api.update('1', '"7"', input, id);
    expect(seen.map(({ line }) => line)).to.deep.equal([
      'GET /api/products/a%2Fb',
      'POST /api/products',
      'PUT /api/products/1',
    ]);
    expect([seen[1]!.headers['idempotency-key'], JSON.parse(seen[1]!.body)]).to.deep.equal([
      'key-12345',
      input,
    ]);
    expect([seen[2]!.headers['if-match'], seen[2]!.headers['content-type']]).to.deep.equal([
      '"7"',
      'application/json',
    ]);
  });

  it('deletes', async () => {
    answers = [gone];
    await api.remove('1', '"7"', id);
    expect([seen[0]!.line, seen[0]!.headers['if-match']]).to.deep.equal(['DELETE /api/products/1', '"7"']);
  });

  it('keeps its connections, also after refusals and faults', async () => {
    const each = [page, json(404, {}), json(500, {}), gone];
    answers = [...each, ...each, ...each, page];
    for (let round = 0; round < 3; round += 1) {
      await api.list({ limit: 1 }, id);
      await api.read('1', id).catch(() => undefined);
      await api.read('1', id).catch(() => undefined);
      await api.remove('1', '"1"', id);
    }
    expect(seen).to.have.length(12);
    // fetch takes a second one where the first is only just free again.
    expect(new Set(seen.map(({ port }) => port)).size).to.be.at.most(2);
  });

  const refusals: [status: number, body: unknown, detail: string, errors: unknown[]][] = [
    [
      400,
      { detail: 'No.', errors: [{ field: '/sku', detail: 'is bad' }] },
      'No.',
      [{ field: '/sku', detail: 'is bad' }],
    ],
    [404, { detail: 'Gone.' }, 'Gone.', []],
    [409, null, 'the API answered 409', []],
    [412, { errors: 'odd' }, 'the API answered 412', []],
  ];
  for (const [status, body, detail, errors] of refusals) {
    it(`tells a refusal: ${status} ${JSON.stringify(body)}`, async () => {
      answers = [json(status, body)];
      const error = await api.create(input, 'key-12345', id).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(ApiRefusal).and.to.include({ status, message: detail });
      expect((error as ApiRefusal).errors).to.deep.equal(errors);
    });
  }

  const list = () => api.list({ limit: 1 }, id);
  const create = () => api.create(input, 'key-12345', id);
  const update = () => api.update('1', '"1"', input, id);
  const remove = () => api.remove('1', '"1"', id);
  const half: Handler = (request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"items"');
    setTimeout(() => request.socket.destroy(), 20);
  };
  const silent: Handler = () => undefined;
  const stuck: Handler = (_request, response) => void response.writeHead(200).write('{');
  const away: [what: string, call: () => Promise<unknown>, answer: Handler, attempts: number][] = [
    ['a fault', list, json(500, {}), 1],
    ['unavailability', list, json(503, {}), 1],
    ['no JSON', list, (_request, response) => response.end('<html>'), 1],
    ['another place', list, (_request, response) => response.writeHead(302, { location: '/x' }).end(), 2],
    ['silence', list, silent, 1],
    ['half an answer, then silence', list, stuck, 1],
    ['a cut on a list', list, cut, 2],
    ['half an answer', list, half, 2],
    ['a cut on a create, which has a key', create, cut, 2],
    ['a cut on an update', update, cut, 1],
    ['a cut on a delete', remove, cut, 1],
  ];
  for (const [what, call, answer, attempts] of away) {
    it(`is away after ${what}, ${attempts} sent, within the deadline`, async () => {
      answers = [answer];
      const start = performance.now();
      expect(await call().catch((error: unknown) => error)).to.be.instanceOf(ApiAway);
      expect(performance.now() - start).to.be.below(600);
      expect(seen).to.have.length(attempts);
    });
  }

  it('does not notice one broken connection', async () => {
    answers = [cut, page];
    expect((await list()).items).to.have.length(1);
    answers = [cut, json(201, lamp, { etag: '"1"' })];
    expect((await create()).product.sku).to.equal('LAMP');
    expect(seen.slice(-2).map(({ headers }) => headers['idempotency-key'])).to.deep.equal([
      'key-12345',
      'key-12345',
    ]);
  });

  it('is away where nobody listens, and back as soon as somebody does', async () => {
    const { port } = server.address() as AddressInfo;
    answers = [page];
    await new Promise((resolve) => server.close(resolve));
    expect(await list().catch((error: unknown) => error)).to.be.instanceOf(ApiAway);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect((await list()).nextCursor).to.equal(null);
  });
});
