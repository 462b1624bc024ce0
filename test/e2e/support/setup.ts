import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { findFreePort, launchProduct, ROOT, type StartupInfo } from './launch.ts';

declare module 'vitest' {
  interface ProvidedContext {
    product: StartupInfo;
  }
}

/**
 * One running product for all end-to-end tests that do not need one of their own; over the Postgres that
 * `TEST_DATABASE_URL` names, or over the embedded one.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'auralink-e2e-'));
  const server = process.env.TEST_DATABASE_URL;
  const product = launchProduct({
    port: await findFreePort(),
    dir,
    env: server ? { DATABASE_URL: server } : {},
  });
  project.provide('product', await product.ready());
  return async () => {
    await product.stop();
    // What it logged, for whoever looks into a failure.
    await writeFile(join(ROOT, 'e2e.log'), product.output());
    await rm(dir, { recursive: true, force: true });
  };
}
