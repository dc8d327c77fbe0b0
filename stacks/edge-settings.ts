import type { Settings } from './settings.ts';

/** The part of edge's configuration that follows from the settings, in its http block. */
export function edgeHttp({ rateLimit, redirectHttp, hsts, hosts, httpsPort }: Settings): string {
  const lines = [
    `map "" $hsts { default "${hsts > 0 ? `max-age=${hsts}` : ''}"; }`,
    `map "" $https_port { default "${redirectHttp ? httpsPort : ''}"; }`,
    ...(rateLimit > 0 ? [`limit_req_zone $binary_remote_addr zone=client:10m rate=${rateLimit}r/s;`] : []),
    ...(hosts.length > 0 ? unknownHosts : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same, in each of its servers. A client may send two seconds' worth of requests at once. */
export function edgeServer({ rateLimit, hosts }: Settings): string {
  const lines = [
    ...(hosts.length > 0 ? [`server_name ${hosts.join(' ')};`] : []),
    ...(rateLimit > 0
      ? [`limit_req zone=client burst=${2 * rateLimit} nodelay;`, 'limit_req_status 429;']
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

// 421: "the server is unable to produce a response for this host" (RFC 9110, 15.5.20); no certificate is shown to such a client.
const unknownHosts = [
  'server { listen 8080 default_server; return 421; }',
  'server { listen 8443 ssl default_server; ssl_reject_handshake on; }',
];
