import { text, type Kind } from './setting-kinds.ts';

const loopback = /^(localhost|127\.[\d.]+)$/i;

/** Where a storage answers: `https://` and a host, perhaps with a port. What leaves the stack is encrypted on its way. */
export function httpsAddress(): Kind<string> {
  return {
    ...text(
      'an address like https://s3.example.com, other than loopback',
      /^https:\/\/\S+$/,
      'https://s3.example.com',
    ),
    parse: (value) => (isAddress(value) ? value.replace(/\/$/, '') : undefined),
  };
}

/** In a container the loopback address is the container. */
function isAddress(value: string): boolean {
  if (!/^https:\/\/[a-z0-9.-]+(:\d{1,5})?\/?$/i.test(value) || !URL.canParse(value)) return false;
  return !loopback.test(new URL(value).hostname);
}

/** As Amazon has them, and everybody else. */
export function bucketName(): Kind<string> {
  return text('a bucket like team-backups', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'team-backups');
}

/** Names with `/` between them. */
export function folderInBucket(): Kind<string> {
  const name = '(?!\\.)[A-Za-z0-9._-]{1,100}';
  return text('a folder like shop/staging', new RegExp(`^${name}(/${name}){0,9}$`), 'shop/staging');
}

/** Such as `eu-central-1`. */
export function regionName(): Kind<string> {
  return text('a region like eu-central-1', /^[a-z0-9-]{1,40}$/, 'eu-central-1');
}

/** One of the two keys that a storage gives; never repeated. */
export function secretKey(): Kind<string> {
  return {
    ...text('a key in one line, without blanks', /^[!-~]{1,200}$/, '--secret'),
    isPrivate: () => true,
    isSecret: true,
  };
}
