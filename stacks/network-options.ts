/**
 * Options of Docker's bridge driver. A link has no address of the host on it, so nothing in it can talk to the host. A published
 * port needs a network that is not internal and has the host's address; without masquerading, its containers get no answer from
 * anywhere else. https://docs.docker.com/engine/network/drivers/bridge/#options
 */
export function networkOptions(internal: boolean): Record<string, string> {
  return internal
    ? { 'com.docker.network.bridge.inhibit_ipv4': 'true' }
    : { 'com.docker.network.bridge.enable_ip_masquerade': 'false' };
}
