import { containers } from './dashboards/containers.ts';
import { loadBalancers } from './dashboards/load-balancers.ts';
import { overview } from './dashboards/overview.ts';
import type { Dashboard } from './dashboards/panel.ts';
import { postgres } from './dashboards/postgres.ts';
import { services } from './dashboards/services.ts';

/** The pages that need container-metrics. */
const needSocket: readonly Dashboard[] = [containers];

/** Every page, in the order in which they are shown. */
export const dashboards: readonly Dashboard[] = [overview, services, loadBalancers, postgres, containers];

/** The pages of a stack, which may not let anything see its containers, and whose Postgres may be managed elsewhere. */
export function dashboardsOf(sees: { containers: boolean; database: boolean }): Dashboard[] {
  return dashboards
    .filter((page) => sees.containers || !needSocket.includes(page))
    .filter((page) => sees.database || page !== postgres);
}
