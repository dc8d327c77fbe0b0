/**
 * The part of an nginx configuration that follows from the topology: one upstream per target. Docker's DNS is asked every second,
 * so replicas come and go without a change here; `resolve` needs nginx 1.27.3. Idle connections end soon, and here: one that the
 * other side ends may just have been given a POST, which is not repeated. Node keeps idle ones for 5 s, gunicorn for 2; our apps for
 * 2 once they are told to stop.
 */
export function upstreams(targets: Readonly<Record<string, number>>): string {
  return Object.entries(targets)
    .map(([service, port]) =>
      [
        `upstream ${service} {`,
        `    zone ${service} 256k;`,
        '    resolver 127.0.0.11 valid=1s ipv6=off;',
        `    server ${service}:${port} resolve max_fails=1 fail_timeout=1s;`,
        '    keepalive 256;',
        '    keepalive_timeout 1s;',
        '    keepalive_requests 100000;',
        '}',
        '',
      ].join('\n'),
    )
    .join('');
}

/** As many workers as the container has CPUs; "auto" would count the host's. */
export function workers(cpus: number): string {
  return `worker_processes ${Math.max(1, Math.ceil(cpus))};\n`;
}

/** Counts requests in nginx itself (nginx/metrics), where the stack has metrics; `context` is the block that is extended. */
export function counting(metrics: boolean, context: 'main' | 'http'): string {
  return metrics ? `include /etc/product-stack/metrics/${context}.conf;\n` : '';
}
