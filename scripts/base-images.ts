// Prints the images that a stack with default settings starts from, a line each.
import { keys } from '../stacks/setting-keys.ts';

console.log([keys.nodeImage, keys.nginxImage, keys.postgresImage].map((key) => key.default).join('\n'));
