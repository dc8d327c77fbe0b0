/** A folder in memory of `mebibytes`, where nothing can be executed. Default: /tmp. */
export function tmpfs(mebibytes: number, folder = '/tmp'): Record<string, string> {
  return { [folder]: `rw,noexec,nosuid,nodev,size=${mebibytes}m,mode=1777` };
}
