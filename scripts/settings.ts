import { settingsSchema, settingsTable } from '../stacks/settings-reference.ts';
import { checkFiles, writeFiles } from './files.ts';
import { readArguments } from './arguments.ts';

const usage = `npm run settings -- [--check]
Writes what people and editors read about the configuration keys: docs/settings.md and settings.schema.json.
  --check    writes nothing; fails when a file on disk differs`;

const { values } = readArguments(usage, { options: { check: { type: 'boolean' } } });

try {
  const files = [
    { path: 'docs/settings.md', content: settingsTable() },
    { path: 'settings.schema.json', content: `${JSON.stringify(settingsSchema(), null, 2)}\n` },
  ];
  if (values.check) checkFiles(files, 'npm run settings');
  else writeFiles(files);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
