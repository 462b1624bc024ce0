import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { findFreePort, type LaunchedProduct, type LaunchOptions, launchProduct } from './launch.ts';

/** A port and a data directory of its own, on which a test starts the product as often as it likes. */
export interface OwnProduct {
  port: number;
  dir: string;
  start(options?: Partial<LaunchOptions>): LaunchedProduct;
  /** Stops what is running, and removes the data. */
  close(): Promise<void>;
}

export async function createOwnProduct(): Promise<OwnProduct> {
  const port = await findFreePort();
  const dir = await mkdtemp(join(tmpdir(), 'auralink-start-'));
  const running = new Set<LaunchedProduct>();
  return {
    port,
    dir,
    start(options = {}) {
      const product = launchProduct({ port, dir, ...options });
      running.add(product);
      void product.exited.then(() => running.delete(product));
      return product;
    },
    async close() {
      await Promise.all([...running].map((product) => product.stop()));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The lines of a start that fails, without what npm adds. */
export async function readErrorLines(product: LaunchedProduct): Promise<string[]> {
  expect(await product.exited).not.toBe(0);
  return product
    .errorOutput()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('npm '));
}
