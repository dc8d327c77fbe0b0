import type { Locator } from 'playwright-core';
import { dashboards } from '../../../stacks/metrics/dashboards.ts';
import { fileName, type Panel } from '../../../stacks/metrics/dashboards/panel.ts';
import { inBrowser, screenshot } from '../support/browser.ts';

/** Looks at every dashboard as a person would and keeps a picture of each. Returns what the browser complained of. */
export function visitDashboards(url: string): Promise<string[]> {
  return inBrowser(async (browser) => {
    const page = await browser.newPage({ viewport: { width: 1500, height: 1300 } });
    const trouble: string[] = [];
    page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    page.on('request', (request) => request.url().startsWith(url) || trouble.push(request.url()));
    await page.goto(`${url}/vmui/#/dashboards?g0.range_input=1m`);
    for (const dashboard of dashboards) {
      const tab = page.getByText(dashboard.title, { exact: true }).first();
      await tab.click();
      for (const [index, { panels }] of dashboard.rows.entries()) {
        const row = page.locator('.vm-predefined-dashboard').nth(index);
        // Only the first is open.
        if (index > 0) await row.locator('.vm-accordion-header__arrow').click();
        for (const chart of panels) await seeChart(row, chart);
      }
      await tab.scrollIntoViewIfNeeded();
      await screenshot(page, `metrics-${fileName(dashboard)}`);
    }
    return trouble;
  });
}

/** Scrolls to a chart, for only what is in sight is drawn, and waits for its series: one is drawn when its legend is there. */
async function seeChart(row: Locator, { title, quiet }: Panel): Promise<void> {
  const chart = row.locator('.vm-predefined-panel', { hasText: title }).first();
  await chart.scrollIntoViewIfNeeded();
  if (!quiet) await chart.getByText('median:').first().waitFor();
}

/** What a person reads of the alerts. */
export function alertsInBrowser(url: string, name: string): Promise<void> {
  return inBrowser(async (browser) => {
    const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
    await page.goto(`${url}/vmui/#/rules?states=firing`);
    await page.getByText('product', { exact: true }).first().click();
    await page.getByText(name).first().click();
    await page.getByText('npm run status').first().waitFor();
    await screenshot(page, 'metrics-alert');
  });
}
