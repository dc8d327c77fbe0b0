import * as pulumi from '@pulumi/pulumi';
import type { Rollouts, SwarmContext } from '../../components/swarm/context.ts';
import { OverlayNetwork } from '../../components/swarm/overlay-network.ts';
import { PushedImage } from '../../components/swarm/pushed-image.ts';
import { secretOrigins, swarmConfigs, swarmSecret } from '../../components/swarm/swarm-files.ts';
import { SwarmJob } from '../../components/swarm/swarm-job.ts';
import { SwarmService } from '../../components/swarm/swarm-service.ts';
import type { TaskAttachments, TaskFile } from '../../components/swarm/task-args.ts';
import { Secrets } from '../../components/secrets.ts';
import { startOrder } from '../start-order.ts';
import { filesCheckOf } from './names.ts';
import {
  allNetworks,
  networksOf,
  type ConfigFiles,
  type Job,
  type Service,
  type Topology,
  type Workload,
} from '../topology.ts';

/** What a Swarm stack is made with, besides its topology. */
export interface SwarmOptions {
  readonly prefix: string;
  /** Where images that are built are pushed to. */
  readonly registry: string;
  readonly overlayEncryption: boolean;
  readonly rollouts: Rollouts;
  /** How many nodes take tasks. */
  readonly nodes: number;
}

/** The whole product as services of a Swarm, made from the same topology as ProductStack. */
export class SwarmStack extends pulumi.ComponentResource {
  /** What each image is called: a reference, or the hash of its sources. */
  readonly versions: Record<string, string> = {};
  private readonly options: SwarmOptions;
  private readonly context: SwarmContext;
  private readonly images = new Map<string, PushedImage>();
  private readonly secrets: ReadonlyMap<string, TaskFile>;
  private readonly passwords: ReadonlyMap<string, pulumi.Output<string>>;
  private readonly ready = new Map<string, pulumi.Input<pulumi.Resource>>();

  constructor(topology: Topology, options: SwarmOptions) {
    super('product-stack:index:SwarmStack', topology.stack);
    const { prefix, rollouts, nodes } = options;
    this.options = options;
    this.context = { topology, prefix, rollouts, nodes, networks: this.createNetworks(topology) };
    this.passwords = new Secrets(topology, { parent: this }).files;
    this.secrets = this.createSecrets();
    this.createInOrder();
    this.registerOutputs({});
  }

  /** A password by the name of its file; secret. */
  password(name: string): pulumi.Output<string> {
    return pulumi.secret(this.passwords.get(name)!);
  }

  private createNetworks(topology: Topology): SwarmContext['networks'] {
    const { prefix, overlayEncryption: encrypted } = this.options;
    return new Map(
      allNetworks(topology).map(({ name, kind }) => {
        const args = { prefix, stack: topology.stack, internal: kind === 'link', encrypted };
        return [name, new OverlayNetwork(name, args, { parent: this })];
      }),
    );
  }

  /** Every secret once; a service gets only its own. */
  private createSecrets(): ReadonlyMap<string, TaskFile> {
    const { services, jobs } = this.context.topology;
    const used = new Set([...services, ...jobs].flatMap(({ secrets }) => secrets));
    const origins = secretOrigins(this.context.topology);
    return new Map(
      [...used].map((name) => {
        const secret = { content: this.passwords.get(name)!, origin: origins.get(name)! };
        return [name, swarmSecret(name, secret, this.owner())];
      }),
    );
  }

  /** Services and jobs, each after what it waits for, and after what it asks unless the two ask each other. */
  private createInOrder(): void {
    const { topology } = this.context;
    const asks = (name: string) => topology.links.filter(({ from }) => from === name).map(({ to }) => to);
    for (const next of startOrder(topology, asks)) {
      const earlier = new Set([...next.after, ...asks(next.name)]);
      const dependsOn = [...earlier].flatMap((name) => this.ready.get(name) ?? []);
      this.ready.set(next.name, this.create(next, dependsOn));
    }
  }

  private create(
    workload: Service | Job,
    dependsOn: pulumi.Input<pulumi.Resource>[],
  ): pulumi.Input<pulumi.Resource> {
    const args = { context: this.context, attachments: this.attach(workload) };
    if (!('replicas' in workload))
      return new SwarmJob(workload.name, workload, 'job', args, { parent: this, dependsOn }).ready;
    const checked = this.checkFiles(workload, args.attachments, dependsOn);
    return new SwarmService(workload, args, { parent: this, dependsOn: [...dependsOn, ...checked] }).ready;
  }

  /** New files are looked at by a task of their own, before a running service sees them. */
  private checkFiles(
    service: Service,
    attachments: TaskAttachments,
    dependsOn: pulumi.Input<pulumi.Resource>[],
  ): pulumi.Input<pulumi.Resource>[] {
    const command = service.files?.check;
    if (!command) return [];
    const networks = attachments.networks.map(({ kind, id }) => ({ kind, id }));
    const args = { context: this.context, attachments: { ...attachments, networks } };
    // It runs anywhere: the ports are the service's own.
    const check = { ...service, publish: [], replicas: 1, command, timeoutSeconds: 60 };
    return [new SwarmJob(filesCheckOf(service), check, 'check', args, { parent: this, dependsOn }).ready];
  }

  private attach(workload: Service | Job): TaskAttachments {
    const { topology, prefix } = this.context;
    return {
      image: this.image(workload).reference,
      networks: this.networksOf(workload),
      secrets: workload.secrets.map((name) => this.secrets.get(name)!),
      configs: workload.files ? this.configs(workload.name, workload.files) : [],
      prefix,
      stack: topology.stack,
    };
  }

  private configs(workload: string, files: ConfigFiles): TaskFile[] {
    return swarmConfigs(workload, files, this.owner());
  }

  private owner() {
    return { prefix: this.context.prefix, stack: this.context.topology.stack, parent: this };
  }

  private image({ name, image }: Workload): PushedImage {
    const { prefix, topology } = this.context;
    const key = image.kind === 'pulled' ? image.reference : image.name;
    const args = { image, repository: `${this.options.registry}/${prefix}`, stack: topology.stack };
    const known = this.images.get(key) ?? new PushedImage(key, args, { parent: this });
    this.images.set(key, known);
    this.versions[name] = known.version;
    return known;
  }

  private networksOf(workload: Service | Job): TaskAttachments['networks'] {
    const { topology, networks } = this.context;
    return networksOf(topology, workload).map(({ network, alias }) => {
      const { kind, networkId: id } = networks.get(network)!;
      return { kind, id, ...(alias !== undefined && { alias }) };
    });
  }
}
