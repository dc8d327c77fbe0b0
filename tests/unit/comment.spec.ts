import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { upsertComment } from '../../preview/comment.ts';

interface Stored {
  id: number;
  body: string;
  user: { login: string };
}

const marker = '<!-- m -->';
const bot = { login: 'github-actions[bot]' };

describe('the comment under a pull request', () => {
  let comments: Stored[];
  let asked: string[];
  let server: Server;
  let pull: Parameters<typeof upsertComment>[0];

  /** GitHub's API, as far as it is used: comments of pull request 7, a hundred a page. */
  before((done) => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const { method, url = '', headers } = request;
          asked.push(`${method} ${url}`);
          const { body } = JSON.parse(chunks.length > 0 ? Buffer.concat(chunks).toString() : '{}') as {
            body: string;
          };
          const page = Number(new URL(url, 'http://x').searchParams.get('page'));
          const allowed = headers.authorization === 'Bearer secret';
          if (allowed && method === 'POST') comments.push({ id: 900 + comments.length, body, user: bot });
          if (allowed && method === 'PATCH') comments.find(({ id }) => url.endsWith(`/${id}`))!.body = body;
          response.statusCode = allowed ? 200 : 403;
          response.end(
            JSON.stringify(allowed ? comments.slice((page - 1) * 100, page * 100) : { message: 'no' }),
          );
        });
    }).listen(0, '127.0.0.1', () => {
      const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      pull = { api, repository: 'team/shop', number: 7, token: 'secret' };
      done();
    });
  });
  after(() => server.close());
  beforeEach(() => {
    asked = [];
    comments = Array.from({ length: 130 }, (_, id) => ({ id, body: 'hello', user: { login: 'a-person' } }));
  });

  it('is written once and then rewritten', async () => {
    expect(await upsertComment(pull, marker, 'one')).to.equal('created');
    expect(await upsertComment(pull, marker, 'two')).to.equal('updated');
    expect(comments.filter(({ user }) => user === bot).map(({ body }) => body)).to.deep.equal([
      `${marker}\ntwo`,
    ]);
    expect(asked.slice(0, 3)).to.deep.equal([
      'GET /repos/team/shop/issues/7/comments?per_page=100&page=1',
      'GET /repos/team/shop/issues/7/comments?per_page=100&page=2',
      'POST /repos/team/shop/issues/7/comments',
    ]);
  });

  it('leaves the comment of another author alone, even with the marker', async () => {
    comments[3]!.body = `${marker}\nmine`;
    expect(await upsertComment(pull, marker, 'one')).to.equal('created');
    expect(comments[3]!.body).to.equal(`${marker}\nmine`);
  });

  it('says what GitHub answered', async () => {
    const refused = await upsertComment({ ...pull, token: 'wrong' }, marker, 'one').catch(
      (error: Error) => error.message,
    );
    expect(refused).to.equal(
      'GitHub answered 403 to GET issues/7/comments?per_page=100&page=1: {"message":"no"}',
    );
  });
});
