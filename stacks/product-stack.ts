import * as pulumi from '@pulumi/pulumi';
import { ConfigVolume } from '../components/config-volume.ts';
import type { Attachments } from '../components/container-args.ts';
import type { StackContext } from '../components/context.ts';
import { DataVolume } from '../components/data-volume.ts';
import { carried, FileVolume } from '../components/file-volume.ts';
import { LinkNetwork } from '../components/link-network.ts';
import { OneShotJob } from '../components/one-shot-job.ts';
import { ReplicatedService } from '../components/replicated-service.ts';
import { Secrets } from '../components/secrets.ts';
import { ServiceImage } from '../components/service-image.ts';
import { startOrder, startsBeside } from './start-order.ts';
import {
  allNetworks,
  networksOf,
  type ConfigFiles,
  type Job,
  type Service,
  type Topology,
  type Workload,
} from './topology.ts';

/** The whole product as Pulumi resources, made from a topology. */
export class ProductStack extends pulumi.ComponentResource {
  /** What each image is called: a reference, or the hash of its sources. */
  readonly versions: Record<string, string> = {};
  private readonly context: StackContext;
  private readonly images = new Map<string, ServiceImage>();
  private readonly volumes: ReadonlyMap<string, DataVolume>;
  private readonly secretVolumes: ReadonlyMap<string, FileVolume>;
  private readonly configVolumes = new Map<string, ConfigVolume>();
  private readonly ready = new Map<string, pulumi.Resource>();

  /** @param options `unserved`: the services that have no replica yet. Default: none. */
  constructor(
    topology: Topology,
    options: { prefix: string; waitSeconds: number; unserved?: ReadonlySet<string> },
  ) {
    super('product-stack:index:ProductStack', topology.stack);
    this.context = {
      topology,
      unserved: new Set(),
      ...options,
      networks: this.createNetworks(topology, options.prefix),
      secrets: new Secrets(topology, { parent: this }).files,
    };
    this.volumes = this.createVolumes();
    this.secretVolumes = this.createSecretVolumes();
    this.createInOrder();
    this.registerOutputs({});
  }

  /** A password by the name of its file; secret. */
  password(name: string): pulumi.Output<string> {
    return pulumi.secret(this.context.secrets.get(name)!);
  }

  /** The engine makes one at a time: first those of what starts first. */
  private createNetworks(topology: Topology, prefix: string): StackContext['networks'] {
    const { stack } = topology;
    const kinds = new Map(allNetworks(topology).map(({ name, kind }) => [name, kind]));
    const wanted = startOrder(topology).flatMap((workload) => networksOf(topology, workload));
    const names = new Set(wanted.map(({ network }) => network));
    return new Map(
      [...names].map((name) => {
        const network = new LinkNetwork(name, { prefix, stack, kind: kinds.get(name)! }, { parent: this });
        return [name, network.networkName];
      }),
    );
  }

  private createVolumes(): ReadonlyMap<string, DataVolume> {
    const { topology, prefix } = this.context;
    return new Map(
      topology.volumes.map(({ name }) => [
        name,
        new DataVolume(name, { prefix, stack: topology.stack }, { parent: this }),
      ]),
    );
  }

  /** A volume for each workload with just the secrets it uses. */
  private createSecretVolumes(): ReadonlyMap<string, FileVolume> {
    const { services, jobs } = this.context.topology;
    const volumes = new Map<string, FileVolume>();
    const users = [...services, ...jobs].filter(({ secrets }) => secrets.length > 0);
    const checks = ({ name }: Workload) =>
      this.context.topology.passwords.some(({ checkedBy }) => checkedBy === name);
    for (const user of users.filter((one) => !checks(one)))
      volumes.set(user.name, this.secretVolume(user, []));
    // Who checks a password learns of a new one only when those who use it have it; at first nobody uses it.
    const known = [...volumes.values()];
    for (const user of users.filter(checks))
      volumes.set(user.name, this.secretVolume(user, this.context.unserved.has(user.name) ? [] : known));
    return volumes;
  }

  private secretVolume(workload: Workload, dependsOn: pulumi.Resource[]): FileVolume {
    const { prefix, topology, secrets } = this.context;
    const files = workload.secrets.map((name) => ({ path: name, content: secrets.get(name)! }));
    return new FileVolume(
      `${workload.name}-secrets`,
      {
        volumeName: `${prefix}-${workload.name}-secrets`,
        load: carried(this.loaderImage(), files),
        stack: topology.stack,
        service: workload.name,
      },
      { parent: this, dependsOn },
    );
  }

  /** Of who loads files; one that need not be built is there first. */
  private loaderImage(): pulumi.Output<string> {
    const { services } = this.context.topology;
    return this.image(services.find(({ image }) => image.kind === 'pulled')!).imageId;
  }

  /** Services and jobs, each after what it waits for. */
  private createInOrder(): void {
    for (const workload of startOrder(this.context.topology))
      this.ready.set(workload.name, this.create(workload));
  }

  private create(workload: Service | Job): pulumi.Resource {
    const args = { context: this.context, attachments: this.attach(workload) };
    const opts = { parent: this, dependsOn: this.before(workload) };
    return 'replicas' in workload
      ? new ReplicatedService(workload, args, opts)
      : new OneShotJob(workload, args, opts);
  }

  /** What is there first. A job that starts beside a service would wait in vain for one that can never start. */
  private before(workload: Service | Job): pulumi.Resource[] {
    const beside = startsBeside(workload, this.context.unserved);
    return workload.after.flatMap((name) => (beside ? this.needs(name) : [this.ready.get(name)!]));
  }

  /** What a service that was declared is started with. */
  private needs(name: string): pulumi.Resource[] {
    const service = this.context.topology.services.find((one) => one.name === name)!;
    const all = [this.image(service), this.configVolumes.get(name), this.secretVolumes.get(name)];
    return all.filter((one) => one !== undefined);
  }

  private attach(workload: Service | Job): Attachments {
    return {
      image: this.image(workload).imageId,
      networks: this.networksOf(workload),
      volumes: [...this.dataVolumes(workload), ...this.fileVolumes(workload), ...this.secretMounts(workload)],
    };
  }

  private image({ name, image }: Workload): ServiceImage {
    const { prefix, topology } = this.context;
    const key = image.kind === 'pulled' ? image.reference : image.name;
    const known =
      this.images.get(key) ??
      new ServiceImage(key, { image, prefix, stack: topology.stack }, { parent: this });
    this.images.set(key, known);
    this.versions[name] = known.version;
    return known;
  }

  private networksOf(workload: Service | Job): Attachments['networks'] {
    const { topology, networks } = this.context;
    return networksOf(topology, workload).map(({ network, alias }) => ({
      name: networks.get(network)!,
      alias,
    }));
  }

  private dataVolumes({ volumes }: Workload): Attachments['volumes'] {
    return volumes.map(({ volume, target, readOnly = false }) => ({
      name: this.volumes.get(volume)!.volumeName,
      target,
      readOnly,
    }));
  }

  private fileVolumes(workload: Workload): Attachments['volumes'] {
    if (!workload.files) return [];
    const withFiles = workload as Workload & { files: ConfigFiles };
    const args = {
      context: this.context,
      image: this.image(workload).imageId,
      loaderImage: this.loaderImage(),
      secrets: this.secretMounts(workload),
    };
    const volume = new ConfigVolume(withFiles, args, { parent: this });
    this.configVolumes.set(workload.name, volume);
    return [{ name: volume.volumeName, target: workload.files.target, readOnly: true }];
  }

  private secretMounts({ name }: Workload): Attachments['volumes'] {
    const volume = this.secretVolumes.get(name);
    return volume ? [{ name: volume.volumeName, target: '/run/secrets', readOnly: true }] : [];
  }
}
