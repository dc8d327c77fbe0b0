/** A /tmp in memory of `mebibytes`, where nothing can be executed. */
export function tmpfs(mebibytes: number): Record<string, string> {
  return { '/tmp': `rw,noexec,nosuid,nodev,size=${mebibytes}m,mode=1777` };
}
