import type { Topology } from '../stacks/topology.ts';
import type { ComposeService } from './document.ts';
import { hardening, labels, limits } from './export.ts';

/**
 * Compose has no random passwords: a job makes them on the first start and keeps them in volumes, one for each service with just
 * the passwords that it uses. It runs as root, the only one, because fresh volumes belong to root; it has no capability, no
 * network, and ends at once.
 */
export function passwordsJob(topology: Topology): ComposeService {
  const users = [...topology.services, ...topology.jobs].filter(({ secrets }) => secrets.length > 0);
  const image = topology.services.find(({ image }) => image.kind === 'pulled')!.image;
  return {
    image: image.kind === 'pulled' ? image.reference : image.name,
    command: ['sh', '-euc', script(topology, users)],
    user: '0:0',
    network_mode: 'none',
    volumes: users.map(({ name }) => `${name}-secrets:/secrets/${name}`),
    restart: 'no',
    ...limits({ memoryMiB: 32, cpus: 0.5 }, 1),
    ...hardening,
    labels: labels(topology.stack, 'passwords', 'job'),
  };
}

function script({ passwords }: Topology, users: { name: string; secrets: readonly string[] }[]): string {
  const lines = passwords.map(({ name, length }) => {
    const folders = users
      .filter(({ secrets }) => secrets.includes(name))
      .map((user) => `/secrets/${user.name}`);
    return `password ${name} ${length} ${folders.join(' ')}`;
  });
  return [
    'umask 0222',
    'password() {',
    '  name=$$1 length=$$2 first=$$3; shift 2',
    '  [ -s $$first/$$name ] || tr -dc A-Za-z0-9 </dev/urandom | head -c $$length >$$first/$$name',
    '  for folder; do [ -s $$folder/$$name ] || cat $$first/$$name >$$folder/$$name; done',
    '}',
    ...lines,
    '',
  ].join('\n');
}
