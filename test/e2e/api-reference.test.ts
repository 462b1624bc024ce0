import type { Page } from 'playwright-core';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { type Browser, openBrowser, requireBrowser } from './support/browser.ts';
import { api } from './support/product.ts';

let browser: Browser | undefined;
beforeEach(async (context) => {
  browser ??= await openBrowser(requireBrowser(context));
});
afterAll(() => browser?.close());

/** The origins of everything that the page has loaded or sent. */
const listOrigins = (page: Page) =>
  page.evaluate(() => [
    ...new Set(performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin)),
  ]);

it('the API root leads to the reference, which searches, shows samples, has a dark mode and sends requests to this API alone', async () => {
  const { page, pageErrors } = await browser!.visit(`${api}/#getLiveness`);
  page.setDefaultTimeout(30_000);
  await page.getByRole('heading', { name: 'Check liveness' }).first().waitFor();
  expect(page.url()).toBe(`${api}/docs#tag/health/getLiveness`);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('create room');
  const results = page.getByRole('option', { name: /Create a room/ });
  await results.first().waitFor();
  await page.keyboard.press('Escape');

  await page.getByText(`curl ${api}/liveness`).first().waitFor();

  await page.locator('body.light-mode').waitFor();
  await page
    .getByRole('button', { name: /dark mode/i })
    .first()
    .click();
  await page.locator('body.dark-mode').waitFor();

  const openClient = page.getByRole('button', { name: /Test Request.*\/liveness/ });
  await openClient.first().click();
  const answer = page.waitForResponse(`${api}/liveness`);
  await page.getByRole('button', { name: /^Send/ }).first().click();
  expect((await answer).status()).toBe(200);
  await page.getByText('200 OK').first().waitFor();

  // Among them what the security policy stopped.
  expect(pageErrors).toEqual([]);
  expect(await listOrigins(page)).toEqual([api]);
});

it('without JavaScript the reference lists the operations', async () => {
  const { page } = await browser!.visit('about:blank');
  const context = await page.context().browser()!.newContext({ javaScriptEnabled: false });
  const plainPage = await context.newPage();
  await plainPage.goto(`${api}/docs`);
  const operation = plainPage.getByText('POST /api/v1/rooms Create a room', { exact: true });
  expect(await operation.isVisible()).toBe(true);
});
