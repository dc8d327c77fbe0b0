/** One series of an answer: its labels, and its value now. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The store of a stack with metrics, as Grafana and PromQL's users ask it. */
export class MetricsStore {
  readonly url: string;

  constructor(port: number, address = '127.0.0.1') {
    this.url = `http://${address}:${port}`;
  }

  /** @throws Error with what the store says when it does not understand. */
  async query(expr: string): Promise<Series[]> {
    const answer = await fetch(`${this.url}/api/v1/query?${new URLSearchParams({ query: expr })}`);
    const { status, error, data } = (await answer.json()) as Answer;
    if (status !== 'success') throw new Error(`${expr}: ${error}`);
    return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  }

  /** Values by service. */
  async byService(expr: string): Promise<Record<string, number>> {
    const series = await this.query(expr);
    return Object.fromEntries(series.map(({ labels, value }) => [labels['service']!, value]));
  }

  /** The alerts that fire now, as `Name service`. Warnings may be true of a machine that is busy with other tests. */
  async firing(severity = 'critical'): Promise<string[]> {
    const series = await this.query(`ALERTS{alertstate="firing",severity="${severity}"}`);
    return series.map(({ labels }) => `${labels['alertname']} ${labels['service'] ?? ''}`.trim()).sort();
  }
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly { metric: Record<string, string>; value: [number, string] }[];
  };
}
