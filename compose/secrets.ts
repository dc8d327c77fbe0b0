import { certificateFiles, type Certificate, type Topology, type Workload } from '../stacks/topology.ts';
import type { ComposeService } from './document.ts';
import { escape, hardening, labels, limits } from './export.ts';

/** The name of the job that makes secrets. */
export const secretsJobName = 'secrets';

/** What the hardening audit lets pass in it, and why. */
export const secretsJobExceptions: Readonly<Record<string, string>> = {
  user: 'fresh volumes belong to root; it has no capability and no network, and ends at once',
};

/** The secrets that the user has and nobody can make, by name. */
export function ownSecrets({ passwords }: Topology): string[] {
  return passwords.filter(({ own }) => own !== undefined).map(({ name }) => name);
}

/** Whether a workload has secrets that the job makes. None has both kinds: their folders would be in each other's way. */
export function withMadeSecrets(topology: Topology, { secrets }: Pick<Workload, 'secrets'>): boolean {
  const own = ownSecrets(topology);
  return secrets.some((name) => !own.includes(name));
}

/**
 * Compose has no random passwords and no certificates: a job makes them on the first start and keeps them in volumes, one for each
 * service with just what it uses. It runs as root, the only one, because fresh volumes belong to root; it has no capability, no
 * network, and ends at once.
 */
export function secretsJob(topology: Topology): ComposeService {
  const users = [...topology.services, ...topology.jobs].filter((one) => withMadeSecrets(topology, one));
  return {
    image: imageWithOpenssl(topology),
    command: ['sh', '-euc', escape(script(topology, users))],
    user: '0:0',
    network_mode: 'none',
    volumes: users.map(({ name }) => `${name}-secrets:/secrets/${name}`),
    restart: 'no',
    ...limits({ memoryMiB: 32, cpus: 0.5 }, 1),
    ...hardening,
    labels: labels(topology.stack, secretsJobName, 'job'),
  };
}

// The official postgres image has the openssl program; nginx's has not.
function imageWithOpenssl({ services }: Topology): string {
  const { image } = services.find(({ name }) => name === 'database')!;
  return image.kind === 'pulled' ? image.reference : image.name;
}

function script({ passwords, certificates }: Topology, users: readonly Workload[]): string {
  return [
    'umask 0222',
    'password() {',
    '  name=$1 length=$2 first=$3; shift 2',
    '  [ -s $first/$name ] || tr -dc A-Za-z0-9 </dev/urandom | head -c $length >$first/$name',
    '  for folder; do [ -s $folder/$name ] || cat $first/$name >$folder/$name; done',
    '}',
    'certificate() {',
    '  certificate=$1 key=$2 hosts=$3',
    '  openssl x509 -in $certificate -checkend 2592000 -noout 2>/dev/null && return',
    '  rm -f $certificate $key',
    '  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 >$key',
    '  openssl req -x509 -key $key -days 365 -subj / -addext subjectAltName=$hosts -addext extendedKeyUsage=serverAuth >$certificate',
    '}',
    ...passwords
      .filter(({ own }) => own === undefined)
      .map(({ name, length }) => `password ${name} ${length} ${foldersOf(name, users).join(' ')}`),
    ...certificates.map((certificate) => certificateLine(certificate, users)),
    '',
  ].join('\n');
}

function foldersOf(secret: string, users: readonly Workload[]): string[] {
  return users.filter(({ secrets }) => secrets.includes(secret)).map(({ name }) => `/secrets/${name}`);
}

function certificateLine(certificate: Certificate, users: readonly Workload[]): string {
  const files = certificateFiles(certificate);
  const [folder] = foldersOf(files.certificate, users);
  const hosts = certificate.hosts.map((host) => `${/^[\d.]+$/.test(host) ? 'IP' : 'DNS'}:${host}`).join(',');
  return `certificate ${folder}/${files.certificate} ${folder}/${files.key} ${hosts}`;
}
