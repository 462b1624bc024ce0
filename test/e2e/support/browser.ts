import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser as Chromium, chromium, type Page } from 'playwright-core';
import type { TestContext } from 'vitest';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

const FLAGS = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  // Media comes from this machine.
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

function findBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders
    .flatMap((folder) => PROGRAMS.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** Without a browser the test that asked is skipped and says why; in CI, where one has to be, it fails. */
export function requireBrowser(context: Pick<TestContext, 'skip'>): string {
  const program = findBrowser();
  if (program !== undefined) return program;
  const reason = 'no chromium on PATH: apt-get install chromium';
  if (process.env.CI) throw new Error(reason);
  return context.skip(reason);
}

export interface Visitor {
  page: Page;
  /** What went wrong in the page: errors on its console, among them what its security policy kept out. */
  pageErrors: string[];
}

export interface Browser {
  /** A page of a new visitor, with a camera that shows a pattern and a microphone that beeps. */
  visit(url: string): Promise<Visitor>;
  close(): Promise<void>;
}

/** Chromium without a window, with a profile of its own that is gone when it is closed. */
export async function openBrowser(program: string, flags: readonly string[] = []): Promise<Browser> {
  const args = [...FLAGS, ...flags];
  const browser: Chromium = await chromium.launch({ executablePath: program, headless: true, args });
  return {
    async visit(url) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const pageErrors: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') pageErrors.push(message.text());
      });
      page.on('pageerror', (error) => pageErrors.push(String(error)));
      await page.goto(url);
      return { page, pageErrors };
    },
    close: () => browser.close(),
  };
}
