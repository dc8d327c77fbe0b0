/** Does `work`, then `remove`, whatever happens: also when somebody presses Ctrl-C. */
export async function cleaningUp(work: () => Promise<void>, remove: () => Promise<unknown>): Promise<void> {
  const stop = (): void => {
    console.error('stopped: removing what was made …');
    void remove().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    await work();
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
    await remove();
  }
}
