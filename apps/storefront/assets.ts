import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../kit/problem.ts';

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

interface Asset {
  readonly url: string;
  readonly type: string;
  readonly content: Buffer;
}

const folder = fileURLToPath(new URL('assets/', import.meta.url));
const assets = new Map(readdirSync(folder).map((name) => [name, asset(name)]));
const byUrl = new Map([...assets.values()].map((asset) => [asset.url, asset]));

/** The address of an asset; it changes with the content, so browsers may keep it for ever. */
export function assetUrl(name: string): string {
  return assets.get(name)!.url;
}

/** Serves the files of the assets folder. */
export async function assetRoutes(app: FastifyInstance): Promise<void> {
  app.get('/assets/:file', async (request, reply) => {
    const found = byUrl.get(request.url);
    if (!found) throw new Problem(404, 'There is no such file.');
    return reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .type(found.type)
      .send(found.content);
  });
}

function asset(name: string): Asset {
  const content = readFileSync(folder + name);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  const extension = extname(name);
  return {
    url: `/assets/${name.slice(0, -extension.length)}.${hash}${extension}`,
    type: types[extension] ?? 'application/octet-stream',
    content,
  };
}
