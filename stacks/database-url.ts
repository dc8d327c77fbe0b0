import type { Kind } from './setting-kinds.ts';

/** A Postgres outside the stack, as its URL says it. */
export interface ManagedDatabase {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: string;
  /** libpq's word for what is verified: the server's certificate, and with verify-full its name too. */
  readonly sslmode: 'verify-full' | 'verify-ca';
}

/** Stands for a URL that only Pulumi can read: the same services and networks, another server. */
export const hiddenUrl = 'postgres://hidden:hidden@hidden.invalid/hidden';

/** The URL of a managed Postgres. It is a secret, and so is whatever was given in its place. */
export function databaseUrl(): Kind<ManagedDatabase> {
  return {
    expects: 'a URL like postgres://user:password@db.example.com:5432/name?sslmode=verify-full',
    // Asks for the value, which then is in no history of a shell.
    example: '--secret',
    parse: (text) => (problemOf(text) === undefined ? parts(new URL(text)) : undefined),
    problem: (text) => problemOf(text) ?? '',
    schema: { type: 'string' },
    isPrivate: () => true,
    isSecret: true,
  };
}

const host = /^(?!-)[a-z0-9.-]{1,253}$/i;
const loopback = /^(localhost|127\.[\d.]+)$/i;

/** The first thing that is wrong, without a word of the text. */
function problemOf(text: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(text)) return 'it does not begin with postgres://';
  if (/[\s\p{Cc}]/u.test(text)) return 'there is a blank in it; in a password write %20';
  if (text.includes('#')) return 'there is a # in it; in a password write %23';
  if (/%(?![0-9a-f]{2})/i.test(text))
    return 'a % in it is not followed by two digits; in a password write %25';
  if (!URL.canParse(text)) return 'it cannot be read: write / ? @ : in a password as %2F %3F %40 %3A';
  return problemOfUrl(new URL(text));
}

function problemOfUrl(url: URL): string | undefined {
  const { hostname, username, password, pathname, searchParams } = url;
  if (!username || !password) return `it has no ${username ? 'password' : 'user'}`;
  if (!host.test(hostname)) return 'its host is neither a name nor an IPv4 address';
  if (loopback.test(hostname))
    return 'its host is the loopback address, which in a container is the container';
  if (!/^\/[^/]+$/.test(pathname)) return 'it names no database';
  if ([...searchParams.keys()].some((name) => name !== 'sslmode'))
    return 'it has a parameter that is not sslmode';
  const modes = searchParams.getAll('sslmode');
  if (modes.some((mode) => mode !== 'verify-full' && mode !== 'verify-ca'))
    return 'its sslmode is neither verify-full nor verify-ca, and less is not safe outside the stack';
  return decoded(username, password, pathname)
    ? undefined
    : 'its user, password or database is not UTF-8 text in one line';
}

/** Passwords are read from a file without what surrounds them. */
function decoded(...texts: string[]): boolean {
  try {
    return texts.map(decodeURIComponent).every((text) => !/^\s|\s$|\p{Cc}/u.test(text));
  } catch {
    return false;
  }
}

function parts({ hostname, port, username, password, pathname, searchParams }: URL): ManagedDatabase {
  return {
    host: hostname,
    port: Number(port || 5432),
    name: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    sslmode: searchParams.get('sslmode') === 'verify-ca' ? 'verify-ca' : 'verify-full',
  };
}
