import type { NetworkKind } from './topology.ts';

/**
 * Options of Docker's bridge driver. A link has no address of the host on it, so nothing in it can talk to the host. A published
 * port needs a network that is not internal and has the host's address; without masquerading, its containers get no answer from
 * anywhere else. A way out is an ordinary network. https://docs.docker.com/engine/network/drivers/bridge/#options
 */
export function networkOptions(kind: NetworkKind): Record<string, string> {
  return options[kind];
}

const options: Record<NetworkKind, Record<string, string>> = {
  link: { 'com.docker.network.bridge.inhibit_ipv4': 'true' },
  ingress: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' },
  egress: {},
};
