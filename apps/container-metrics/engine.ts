import { request } from 'node:http';

/** A container as `GET /containers/json` lists it. */
export interface Listed {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly State: string;
}

/** The part of `GET /containers/{id}/json` that is read. */
export interface Inspected {
  readonly RestartCount: number;
  readonly State: { readonly StartedAt: string; readonly Health?: { readonly Status: string } };
  readonly HostConfig: { readonly Memory: number; readonly NanoCpus: number };
}

/** The part of `GET /containers/{id}/stats` that is read. */
export interface Stats {
  readonly cpu_stats: {
    readonly cpu_usage: { readonly total_usage: number };
    readonly throttling_data?: {
      readonly periods: number;
      readonly throttled_periods: number;
      readonly throttled_time: number;
    };
  };
  readonly memory_stats: { readonly usage?: number; readonly stats?: Readonly<Record<string, number>> };
  readonly networks?: Readonly<
    Record<string, { rx_bytes: number; tx_bytes: number; rx_dropped: number; tx_dropped: number }>
  >;
}

/** Asks the Docker engine three questions and can say nothing else to it. @throws Error with the engine's words. */
export class Engine {
  private readonly socketPath: string;

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** The containers that have all of these labels, running or not. */
  list(labels: readonly string[]): Promise<Listed[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: labels }));
    return this.get(`/containers/json?all=true&filters=${filters}`) as Promise<Listed[]>;
  }

  inspect(id: string): Promise<Inspected> {
    return this.get(`/containers/${id}/json`) as Promise<Inspected>;
  }

  /** What it used until now; "one-shot" does not wait for a second look. */
  stats(id: string): Promise<Stats> {
    return this.get(`/containers/${id}/stats?stream=false&one-shot=true`) as Promise<Stats>;
  }

  private get(path: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: this.socketPath, path, timeout: 5000 }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`the engine answered ${answer.statusCode}: ${text.trim()}`));
        });
      });
      asked.on('timeout', () => asked.destroy(new Error('the engine does not answer')));
      asked.on('error', reject);
      asked.end();
    });
  }
}
