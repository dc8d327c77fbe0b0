/** The part of the compose specification that the export uses (compose-spec.io). */
export interface ComposeDocument {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, ComposeNetwork>>;
  readonly volumes: Readonly<Record<string, Record<string, never>>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

/** One service of a compose file. */
export interface ComposeService {
  readonly image: string;
  readonly build?: {
    readonly context: string;
    readonly target: string;
    readonly args: Readonly<Record<string, string>>;
  };
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly user: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?: Readonly<Record<string, { readonly aliases?: readonly string[] } | null>>;
  readonly network_mode?: 'none';
  readonly ports?: readonly string[];
  readonly volumes?: readonly (string | ComposeBind)[];
  /** The user's own, each a file in /run/secrets. */
  readonly secrets?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly shm_size?: string;
  readonly healthcheck?: ComposeHealthcheck;
  readonly restart: string;
  readonly stop_signal?: string;
  readonly stop_grace_period?: string;
  readonly memswap_limit: string;
  readonly deploy: {
    readonly replicas: number;
    readonly resources: { readonly limits: { readonly cpus: string; readonly memory: string } };
  };
  readonly read_only: true;
  readonly init: true;
  readonly cap_drop: readonly ['ALL'];
  readonly security_opt: readonly ['no-new-privileges:true'];
  readonly dns_opt: readonly string[];
  readonly logging: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly labels: Readonly<Record<string, string>>;
  /** Where the service is less closed than the others, and why; compose ignores it. */
  readonly 'x-exceptions'?: readonly string[];
}

/** A folder of the checkout. */
export interface ComposeBind {
  readonly type: 'bind';
  readonly source: string;
  readonly target: string;
  readonly read_only: boolean;
  /** Docker would make a missing folder, and root would own it. */
  readonly bind: { readonly create_host_path: false };
}

/** A health check of a compose file. */
export interface ComposeHealthcheck {
  readonly test: readonly string[];
  readonly interval: string;
  readonly timeout: string;
  readonly retries: number;
  readonly start_period: string;
}

/** A network of a compose file. */
export interface ComposeNetwork {
  readonly internal?: true;
  readonly driver_opts?: Readonly<Record<string, string>>;
}

/** A file that the document mounts and that follows from settings; `path` is relative to the repository. */
export interface RenderedFile {
  readonly path: string;
  readonly content: string;
}

/** What an export consists of. */
export interface ComposeExport {
  readonly document: ComposeDocument;
  readonly files: readonly RenderedFile[];
}
