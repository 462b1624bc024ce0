import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { findFreePort, launchProduct, ROOT } from './launch.ts';

declare module 'vitest' {
  interface ProvidedContext {
    product: SharedProduct;
  }
}

export interface SharedProduct {
  api: string;
  mails: string;
  /** Where it keeps its data. */
  dataDir: string;
  /** A file that appears when the start is over: empty when the product is ready, otherwise why it is not. */
  outcome: string;
}

/**
 * One running product for all end-to-end tests that do not need one of their own; over the Postgres that
 * `TEST_DATABASE_URL` names, or over the embedded one (always in the project `e2e-pglite`). It starts while other tests run: see `product.ts`.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'auralink-e2e-'));
  const outcome = join(dir, 'outcome');
  const server = project.name === 'e2e-pglite' ? undefined : process.env.TEST_DATABASE_URL;
  const port = await findFreePort();
  const product = launchProduct({
    port,
    dir: join(dir, 'data'),
    // Small pictures, so that a recording computes little; the compression service, where its packages are installed.
    env: {
      RECORDER_PICTURE: '320x180@15',
      MCP_TEST_TOOLS: 'on',
      COMPRESSION_URL: undefined,
      ...(server ? { DATABASE_URL: server } : {}),
    },
  });
  const report = async (text: string) => {
    await writeFile(`${outcome}.new`, text);
    await rename(`${outcome}.new`, outcome);
  };
  const reported = product.ready().then(
    () => report(''),
    (error: unknown) => report(String(error)),
  );
  project.provide('product', {
    api: `http://localhost:${port}`,
    mails: `http://localhost:${port + 1}`,
    dataDir: join(dir, 'data'),
    outcome,
  });
  return async () => {
    await product.stop();
    await reported;
    // Its log, to look into a failure.
    await writeFile(join(ROOT, 'e2e.log'), product.output());
    await rm(dir, { recursive: true, force: true });
  };
}
