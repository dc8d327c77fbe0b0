import type { Output } from '@pulumi/pulumi';
import * as pulumi from '@pulumi/pulumi';
import * as random from '@pulumi/random';
import * as tls from '@pulumi/tls';
import { certificateFiles, type Certificate, type Password, type Topology } from '../stacks/topology.ts';

/** The stack's passwords and certificates; containers see them as files, the state keeps them encrypted. */
export class Secrets extends pulumi.ComponentResource {
  /** Contents by file name. */
  readonly files: ReadonlyMap<string, Output<string>>;

  constructor({ stack, passwords, certificates }: Topology, opts?: pulumi.ComponentResourceOptions) {
    super('product-stack:index:Secrets', stack, {}, opts);
    this.files = new Map([
      ...passwords.map((password) => [password.name, this.password(password)] as const),
      ...certificates.flatMap((certificate) => this.certificate(certificate)),
    ]);
    this.registerOutputs({});
  }

  private password({ name, length, kept, own }: Password): Output<string> {
    if (own !== undefined) return pulumi.secret(own);
    const keepers = kept && { generation: String(kept.generation) };
    return new random.RandomPassword(
      kept?.as ?? name,
      { length, special: false, ...(keepers && { keepers }) },
      { parent: this },
    ).result;
  }

  private certificate(certificate: Certificate): (readonly [file: string, content: Output<string>])[] {
    const files = certificateFiles(certificate);
    const { certificate: text, key } = certificate.own
      ? ownPair(certificate.own)
      : this.selfSigned(certificate);
    return [
      [files.certificate, text],
      [files.key, key],
    ];
  }

  private selfSigned({ name, hosts }: Certificate): { certificate: Output<string>; key: Output<string> } {
    const key = new tls.PrivateKey(name, { algorithm: 'ECDSA', ecdsaCurve: 'P256' }, { parent: this });
    const isAddress = (host: string) => /^[\d.]+$/.test(host);
    const certificate = new tls.SelfSignedCert(
      name,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: hosts[0]! },
        dnsNames: hosts.filter((host) => !isAddress(host)),
        ipAddresses: hosts.filter(isAddress),
        allowedUses: ['digital_signature', 'server_auth'],
        validityPeriodHours: 365 * 24,
        earlyRenewalHours: 30 * 24,
      },
      { parent: this },
    );
    return { certificate: certificate.certPem, key: key.privateKeyPem };
  }
}

function ownPair(own: { certificate: string; key: string }) {
  return { certificate: pulumi.output(own.certificate), key: pulumi.secret(own.key) };
}
