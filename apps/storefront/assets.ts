import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface Asset {
  readonly url: string;
  readonly type: string;
  readonly content: Buffer;
}

const folder = fileURLToPath(new URL('assets/', import.meta.url));
const assets = new Map(readdirSync(folder).map((name) => [name, asset(name)]));
const byUrl = new Map([...assets.values()].map((asset) => [asset.url, asset]));

/** The address of a file in the assets folder; it changes with the content, so browsers may keep it for ever. */
export function assetUrl(name: 'icon.svg' | 'style.css'): string {
  return assets.get(name)!.url;
}

/** Serves the files of the assets folder. */
export async function assetRoutes(app: FastifyInstance): Promise<void> {
  app.get<{ Params: { file: string } }>('/assets/:file', async ({ params }, reply) => {
    const found = byUrl.get(`/assets/${params.file}`);
    if (!found) return reply.callNotFound();
    return reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('x-content-type-options', 'nosniff')
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
