import { dashboards } from '../../../stacks/metrics/dashboards.ts';
import { openBrowser, screenshot } from '../support/browser.ts';

/** Looks at every dashboard as a person would and keeps a picture of each. Returns what the browser complained of. */
export async function visitDashboards(url: string): Promise<string[]> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1500, height: 1300 } });
    const trouble: string[] = [];
    page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    page.on('request', (request) => request.url().startsWith(url) || trouble.push(request.url()));
    await page.goto(`${url}/vmui/#/dashboards?g0.range_input=1m`);
    for (const { title, rows } of dashboards) {
      await page.getByText(title, { exact: true }).first().click();
      for (const { title: chart } of rows[0]!.panels)
        await page.getByText(chart, { exact: true }).first().waitFor();
      // A series is drawn when its legend is there.
      await page.getByText('median:').first().waitFor();
      await screenshot(page, `metrics-${title.toLowerCase().replaceAll(' ', '-')}`);
    }
    return trouble;
  } finally {
    await browser.close();
  }
}

/** What a person reads of the alerts. */
export async function alertsInBrowser(url: string, name: string): Promise<void> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
    await page.goto(`${url}/vmui/#/rules?states=firing`);
    await page.getByText('product', { exact: true }).first().click();
    await page.getByText(name).first().waitFor();
    await screenshot(page, 'metrics-alert');
  } finally {
    await browser.close();
  }
}
