// Prints the images that a stack with default settings starts from, a line each; those of metrics where a stack here has any, or
// with --metrics; with --imports those that a MySQL dump is unpacked by.
import { readdirSync, readFileSync } from 'node:fs';
import { keys } from '../stacks/setting-keys.ts';

const product = [keys.nodeImage, keys.nginxImage, keys.postgresImage];
const metrics = [keys['metrics.storeImage'], keys['metrics.alertsImage'], keys['metrics.postgresImage']];

const isWatched = readdirSync('.')
  .filter((file) => /^Pulumi\..+\.yaml$/.test(file))
  .some((file) => /^ +product-stack:metrics: ["']?true/m.test(readFileSync(file, 'utf8')));
const wanted = isWatched || process.argv.includes('--metrics') ? [...product, ...metrics] : [...product];
const imports = [keys['import.mariadbImage'], keys['import.converterImage']];
if (process.argv.includes('--imports')) wanted.push(...imports);
console.log(wanted.map((key) => key.default).join('\n'));
