/** `uid:gid` of whoever runs this process; undefined for root, and on Windows, which has no such numbers. */
export function caller(): string | undefined {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  return uid && gid ? `${uid}:${gid}` : undefined;
}
