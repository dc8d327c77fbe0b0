import '../../stacks/lighter-sdk.ts';
import * as pulumi from '@pulumi/pulumi';

/** One registration as the program sent it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/**
 * Records what a Pulumi program declares. The mock engine is global to the process, so this is the only place that sets it.
 * @param declare what to record; its resources may use Outputs.
 */
export async function record(declare: () => unknown): Promise<Registration[]> {
  const registrations: Registration[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registrations.push({ type, name, inputs: inputs as Record<string, unknown> });
        return { id: `${name}-id`, state: { ...inputs, ...computed(type, name) } };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    'product-stack',
    'unit',
    false,
  );
  declare();
  await settled(registrations);
  return registrations;
}

/** What an engine would fill in. */
function computed(type: string, name: string): Record<string, unknown> {
  if (type === 'docker:index/remoteImage:RemoteImage')
    return { imageId: `sha256:${name}`, repoDigest: `${name.split(':')[0]}@sha256:of-${name}` };
  if (type === 'docker:index/registryImage:RegistryImage') return { sha256Digest: `sha256:of-${name}` };
  // Pulumi makes a name where none is given.
  if (type === 'docker:index/service:Service') return { name };
  if (type === 'random:index/randomPassword:RandomPassword') return { result: `secret-of-${name}` };
  if (type === 'tls:index/privateKey:PrivateKey') return { privateKeyPem: `secret-of-${name}-key` };
  if (type === 'tls:index/selfSignedCert:SelfSignedCert') return { certPem: `certificate-of-${name}` };
  return {};
}

/** Registrations arrive as their inputs resolve: all are here when none came for a while. */
async function settled(registrations: readonly Registration[]): Promise<void> {
  for (let seen = -1; seen !== registrations.length;) {
    seen = registrations.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}
