import type { Settings } from './settings.ts';

/** The part of edge's configuration that follows from the settings, in its http block. */
export function edgeHttp(settings: Settings): string {
  const { rateLimit, redirectHttp, hsts, hosts, httpsPort, edgeCacheSeconds } = settings;
  const lines = [
    `map "" $hsts { default "${hsts > 0 ? `max-age=${hsts}` : ''}"; }`,
    `map "" $https_port { default "${redirectHttp ? httpsPort : ''}"; }`,
    ...(rateLimit > 0 ? [`limit_req_zone $binary_remote_addr zone=client:10m rate=${rateLimit}r/s;`] : []),
    ...(hosts.length > 0 ? unknownHosts : []),
    ...(edgeCacheSeconds > 0 ? cache(edgeCacheSeconds) : []),
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

/** The same, where edge passes on to the API. */
export function edgeApi({ edgeCacheSeconds }: Settings): string {
  return edgeCacheSeconds > 0 ? 'include /etc/product-stack/edge/cache.conf;\n' : '\n';
}

/** Answers live in edge's /tmp, which is memory: about 400 have room in 64 KiB of keys, and one that is cached has 100 kB at most. */
function cache(seconds: number): string[] {
  return [
    `proxy_cache_path /tmp/answers keys_zone=answers:64k max_size=16m inactive=${seconds}s use_temp_path=off;`,
    // nginx counts whole seconds: what it keeps for one may be two seconds old.
    `proxy_cache_valid 200 ${seconds - 1}s;`,
    'map $upstream_http_content_length $too_large_to_cache { default 1; "~^[0-9]{1,5}$" ""; }',
    // RFC 9211; nothing is said where the cache had no part in the answer.
    'map $upstream_cache_status $cache_status { default ""; HIT "edge; hit"; MISS "edge; fwd=miss"; EXPIRED "edge; fwd=stale"; BYPASS "edge; fwd=bypass"; }',
    'map "$upstream_cache_status:$upstream_http_cache_control" $cache_control { default ""; "~.:$" no-cache; }',
  ];
}

// 421: "the server is unable to produce a response for this host" (RFC 9110, 15.5.20); no certificate is shown to such a client.
const unknownHosts = [
  'server { listen 8080 default_server; return 421; }',
  'server { listen 8443 ssl default_server; ssl_reject_handshake on; }',
];
