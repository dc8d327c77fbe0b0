// Prints the images that a stack with default settings starts from, a line each; those of metrics where a stack here has any, or with
// --metrics; what copies backups to a bucket where a stack here has one, or with --uploads; with --imports those that a MySQL dump is
// unpacked by.
import { readdirSync, readFileSync } from 'node:fs';
import { keys } from '../stacks/setting-keys.ts';

const stacks = readdirSync('.')
  .filter((file) => /^Pulumi\..+\.yaml$/.test(file))
  .map((file) => readFileSync(file, 'utf8'));
const isWanted = (option: string, setting: RegExp) =>
  process.argv.includes(option) || stacks.some((text) => setting.test(text));

const product = [keys.nodeImage, keys.nginxImage, keys.postgresImage];
const metrics = [keys['metrics.storeImage'], keys['metrics.alertsImage'], keys['metrics.postgresImage']];
const imports = [keys['import.mariadbImage'], keys['import.converterImage']];

const wanted = [
  ...product,
  ...(isWanted('--metrics', /^ +product-stack:metrics: ["']?true/m) ? metrics : []),
  ...(isWanted('--uploads', /^ +product-stack:backup\.s3\.bucket:/m) ? [keys['backup.s3.image']] : []),
  ...(process.argv.includes('--imports') ? imports : []),
];
console.log(wanted.map((key) => key.default).join('\n'));
