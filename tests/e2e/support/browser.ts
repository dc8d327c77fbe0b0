import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { repository } from './checkout.ts';

const output = join(repository, '.ci/output');
const quiet = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real browser that talks to nobody but the page. */
async function openBrowser(): Promise<Browser> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'].find(
    (path) => existsSync(path),
  );
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', ...quiet];
  return chromium.launch({ args, ...(executablePath && { executablePath }) });
}

/** Keeps a picture of the page with CI's output. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(output, { recursive: true });
  await page.screenshot({ path: join(output, `${name}.png`) });
}

/** Does something in a browser that is gone afterwards, whatever happens. */
export async function inBrowser<T>(visit: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await openBrowser();
  try {
    return await visit(browser);
  } finally {
    await browser.close();
  }
}

/** What a person reads on a page. */
export function textInBrowser(url: string): Promise<string> {
  return inBrowser(async (browser) => {
    const page = await browser.newPage();
    await page.goto(url);
    return page.innerText('body');
  });
}

/** Lists, searches, creates, edits and deletes as a person with a phone would. Returns what went wrong on the way. */
export function visitStorefront(url: string): Promise<string[]> {
  return inBrowser(async (browser) => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    const trouble = troubleOn(page);
    await browse(page, url);
    await write(page, url);
    return trouble;
  });
}

/** Looks an operation up in the documentation of the API. Returns what went wrong on the way. */
export function visitApiDocs(url: string): Promise<string[]> {
  return inBrowser(async (browser) => {
    const page = await browser.newPage();
    const trouble = troubleOn(page);
    await page.goto(`${url}/api/docs`);
    await page.getByText('Create a product').click();
    await page.getByText('The sku is taken.').waitFor();
    await screenshot(page, 'api-docs');
    return trouble;
  });
}

/** What goes wrong on the page from now on. */
function troubleOn(page: Page): string[] {
  const trouble: string[] = [];
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on('requestfailed', (request) => trouble.push(`${request.url()} failed`));
  return trouble;
}

async function browse(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('link', { name: 'Next page' }).waitFor();
  await screenshot(page, 'storefront-1-list');
  await page.getByRole('link', { name: 'Next page' }).click();
  await page.getByRole('link', { name: 'First page' }).waitFor();
  await page.getByRole('searchbox').fill('teapot');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('heading', { name: 'Results for “teapot”' }).waitFor();
  await screenshot(page, 'storefront-2-search');
}

async function write(page: Page, url: string): Promise<void> {
  await page.getByRole('link', { name: 'New product' }).click();
  await fill(page, {
    Name: 'Garden Bench <oak>',
    'Article number': 'E2E-BENCH',
    Price: '249.90',
    'In stock': '7',
  });
  await screenshot(page, 'storefront-3-new');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The product was added.').waitFor();
  await page.getByRole('heading', { name: 'Garden Bench <oak>' }).waitFor();
  await page.getByText('€249.90').waitFor();
  await screenshot(page, 'storefront-4-created');
  await page.getByRole('link', { name: 'Edit' }).click();
  await fill(page, { Price: '199' });
  await screenshot(page, 'storefront-5-edit');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('€199.00').waitFor();
  await page.getByRole('link', { name: 'Delete' }).click();
  await screenshot(page, 'storefront-6-delete');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('The product was deleted.').waitFor();
  await page.goto(`${url}/?search=${encodeURIComponent('Garden Bench <oak>')}`);
  await page.getByText('Nothing found.').waitFor();
}

async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(value);
}
