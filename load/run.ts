import type { LoadOptions } from './options.ts';
import { Recorder, type Measured, type Second } from './recorder.ts';
import { Lost, User } from './user.ts';
import { visitOf, type Visit } from './visits.ts';

/** Lets users do what the mix says, all at once, for a while; tells every second. Each finishes the visit that it is in. */
export async function runLoad(
  { vus, url, mix, pauseMs, durationMs }: Pick<LoadOptions, 'vus' | 'url' | 'mix' | 'pauseMs' | 'durationMs'>,
  onSecond: (second: Second) => void = () => undefined,
): Promise<Measured> {
  const recorder = new Recorder();
  const begun = performance.now();
  const isOver = () => performance.now() - begun >= durationMs;
  const users = Array.from({ length: vus }, (_, i) => new User(i, url, recorder, pauseMs));
  const ticker = setInterval(() => onSecond(recorder.tick()), 1000);
  await Promise.all(users.map((user) => live(user, visitOf(mix, user.number), isOver)));
  clearInterval(ticker);
  const seconds = (performance.now() - begun) / 1000;
  await Promise.all(users.map((user) => user.close()));
  return recorder.result(seconds);
}

async function live(user: User, visit: Visit, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await visit(user).catch((error: unknown) => {
      if (!(error instanceof Lost)) throw error;
    });
  }
}
