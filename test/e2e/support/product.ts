import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';

const READY_WITHIN_MS = 90_000;

/** The product that the end-to-end tests share: importing this waits until it is ready. */
const { outcome, ...addresses } = inject('product');

export const { api, mails, dataDir } = addresses;

const deadline = performance.now() + READY_WITHIN_MS;
let failure: string | undefined;
while ((failure = await readFile(outcome, 'utf8').catch(() => undefined)) === undefined) {
  if (performance.now() > deadline) throw new Error(`the product was not ready after ${READY_WITHIN_MS} ms`);
  await sleep(50);
}
if (failure !== '') throw new Error(failure);
