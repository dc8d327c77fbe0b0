import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { labelKeys } from '../../stacks/labels.ts';
import { fingerprint } from '../../stacks/fingerprint.ts';
import { certificateFiles, type ConfigFiles, type Topology } from '../../stacks/topology.ts';
import { readEntries } from '../config-volume.ts';
import { contentName } from './content-name.ts';
import type { TaskFile } from './task-args.ts';

interface Owner {
  readonly prefix: string;
  readonly stack: string;
  readonly parent: pulumi.Resource;
}

/**
 * What is known of the content of every secret before it is made, by file: another text is another content. Only a self-signed
 * certificate that is renewed changes without it.
 */
export function secretOrigins({ passwords, certificates }: Topology): ReadonlyMap<string, string> {
  return new Map([
    ...passwords.map(({ name, length, kept, own }) => [name, JSON.stringify([length, kept, own])] as const),
    ...certificates.flatMap((certificate) => {
      const origin = JSON.stringify([certificate.hosts, certificate.own]);
      return Object.values(certificateFiles(certificate)).map((file) => [file, origin] as const);
    }),
  ]);
}

/**
 * A Swarm secret, which the managers keep encrypted. Another content is another resource, as of a config below: after an `up` that failed
 * the old one is still there, and who goes back to it restarts nothing.
 */
export function swarmSecret(
  name: string,
  { content, origin }: { content: pulumi.Input<string>; origin: string },
  owner: Owner,
): TaskFile {
  const secret = new docker.Secret(
    `${name}-${fingerprint(origin)}`,
    {
      data: pulumi.secret(pulumi.output(content).apply(base64)),
      labels: [{ label: labelKeys.stack, value: owner.stack }],
    },
    { parent: owner.parent, deleteBeforeReplace: false },
  );
  return { id: secret.id, name: secret.name, file: name };
}

/**
 * A Swarm config for each file of a workload. Another content is another resource, too: after a release that was turned back the
 * old file is still there, and going back to it changes nothing.
 */
export function swarmConfigs(workload: string, { target, entries }: ConfigFiles, owner: Owner): TaskFile[] {
  return readEntries(entries).map(({ path, content }) => {
    const name = contentName(`${owner.prefix}-${workload}-${path}`, content as string);
    const config = new docker.ServiceConfig(
      name,
      {
        name,
        data: base64(content as string),
        labels: [{ label: labelKeys.stack, value: owner.stack }],
      },
      { parent: owner.parent },
    );
    return { id: config.id, name: config.name, file: `${target}/${path}` };
  });
}

/** What a Swarm takes, bytes: less than that, and not nothing. https://github.com/moby/swarmkit has MaxConfigSize and MaxSecretSize. */
export const room = { config: 1000 * 1024, secret: 500 * 1024 };

/** Files and certificates of a topology that a Swarm would refuse in the middle of an `up`, a line each. */
export function unfitFiles({ stack, services, jobs, certificates }: Topology): string[] {
  const configs = [...services, ...jobs].flatMap(({ name, files }) =>
    readEntries(files?.entries ?? []).map(({ path, content }) =>
      unfit('config', `${path} of ${name}`, content as string),
    ),
  );
  const secrets = certificates.flatMap(({ name, own }) =>
    Object.entries(own ?? {}).map(([part, text]) => unfit('secret', `the ${part} of ${name}`, text)),
  );
  return [...configs, ...secrets].flat().map((problem) => `${stack}: ${problem}`);
}

function unfit(kind: keyof typeof room, what: string, content: string): string[] {
  const size = Buffer.byteLength(content);
  if (size > 0 && size < room[kind]) return [];
  return [`${what} has ${size} bytes, and a ${kind} of a Swarm has 1 to ${room[kind] - 1}. Make it fit`];
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
