import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uploadOverCuts } from '../e2e/support/cut-uploads.ts';
import { findFreePort, launchProduct } from '../e2e/support/launch.ts';
import type { BenchRow } from './kit/report.ts';

/** `npm start` gives up a Worker that dies more often in ten minutes. */
const KILLS = 3;

/** Uploads to the running product over connections that are cut, while the Worker is killed. */
export async function benchUploads(count: number): Promise<BenchRow[]> {
  const dir = await mkdtemp(join(tmpdir(), 'auralink-uploads-'));
  const product = launchProduct({ port: await findFreePort(), dir });
  try {
    await product.ready();
    const { OPERATOR_TOKEN } = JSON.parse(await readFile(join(dir, 'secrets.json'), 'utf8'));
    const startedAt = performance.now();
    const options = { port: product.ports.api, operatorToken: OPERATOR_TOKEN as string, count, kills: KILLS };
    const done = await uploadOverCuts(options);
    const seconds = (performance.now() - startedAt) / 1_000;
    const isExact = done.heldFiles === count && done.heldBytes === done.sentBytes;
    return [
      {
        what: `${count} uploads by tus-js-client, cut at random bytes, Worker killed`,
        measured: `${done.whole} whole; ${done.heldFiles} files and ${done.heldBytes} of ${done.sentBytes} bytes counted; ${done.cuts} connections cut, ${done.killed} kills, ${done.unanswered} creations without an answer; ${seconds.toFixed(0)} s`,
        target: 'every file whole, quota exact, as many cuts as files',
        holds: done.whole === count && isExact && done.killed === KILLS && done.cuts >= count,
        figures: { count, ...done, seconds },
      },
    ];
  } finally {
    await product.stop();
    await rm(dir, { recursive: true, force: true });
  }
}
