import { fileURLToPath } from 'node:url';
import { stackPrefix } from '../stacks/labels.ts';
import { docker, eventually } from '../tests/e2e/support/run.ts';
import type { TestStack } from '../tests/e2e/support/test-stack.ts';

const code = fileURLToPath(new URL('naive/server.mjs', import.meta.url));

/** The prototype (bench/naive), in the image, with the limits, secrets and database of one of our replicas. */
export class Naive {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  async start(stack: TestStack): Promise<void> {
    const [replica] = await stack.replicas('product-api');
    const image = await docker('inspect', '--format', '{{.Image}}', replica!);
    const network = (link: string) => `${stackPrefix(stack.name)}-${link}`;
    const env = {
      HOST: 'database',
      NAME: 'product',
      USER: 'product_app',
      PASSWORD_FILE: '/run/secrets/database-app-password',
    };
    const options = [
      ...['--name', this.name, '--init', '--cpus', '1', '--memory', '256m'],
      ...['--volumes-from', replica!, '--network', network('product-api-database')],
      ...['--mount', `type=bind,source=${code},target=/app/naive.mjs,readonly`],
      ...Object.entries(env).flatMap(([name, value]) => ['--env', `DATABASE_${name}=${value}`]),
    ];
    await docker('run', '--detach', ...options, image, 'node', 'naive.mjs');
    await docker('network', 'connect', network('edge-product-api'), this.name);
    await eventually(20, 'the prototype answers', () =>
      docker('exec', this.name, 'wget', '-qO', '/dev/null', 'http://127.0.0.1:8080/api/products'),
    );
  }

  async remove(): Promise<void> {
    await docker('rm', '--force', this.name).catch(() => undefined);
  }
}
