import { grafanaFiles } from '../stacks/metrics/grafana.ts';
import { keys } from '../stacks/setting-keys.ts';
import { checkFiles, writeFiles } from './files.ts';
import { readArguments } from './arguments.ts';

const usage = `npm run dashboards -- [--check]
Writes the dashboards for a Grafana of your own: metrics/grafana/.
  --check    writes nothing; fails when a file on disk differs`;

const { values } = readArguments(usage, { options: { check: { type: 'boolean' } } });

try {
  const storeUrl = `http://${keys['metrics.address'].default}:${keys['metrics.port'].default}`;
  const files = grafanaFiles(storeUrl).map(({ path, content }) => ({
    path: `metrics/grafana/${path}`,
    content,
  }));
  if (values.check) checkFiles(files, 'npm run dashboards');
  else writeFiles(files);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
