import type { Figure } from '../kit/metrics.ts';
import type { Database } from './database.ts';

/** How full the pool of connections is. */
export function poolFigures(database: Database): Figure[] {
  return [
    {
      name: 'database_pool_connections',
      help: 'Connections to Postgres, by what they do.',
      value: () => {
        const { busy, idle } = database.usage();
        return { busy, idle };
      },
    },
    {
      name: 'database_pool_waiting',
      help: 'Requests that wait for a connection.',
      value: () => database.usage().waiting,
    },
  ];
}
