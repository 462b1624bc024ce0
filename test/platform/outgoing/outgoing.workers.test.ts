import { expect, it } from 'vitest';
import { createBucketExample } from '../../../src/media/buckets/buckets.schemas.ts';
import { findBucketProblem } from '../../../src/media/buckets/find-bucket-problem.ts';
import type { Ctx } from '../../../src/kernel/context/index.ts';
import { AppError, createIds } from '../../../src/kernel/core/index.ts';
import { createOutgoing } from '../../../src/platform/outgoing/index.ts';
import { StorageStandIn } from '../../support/storage/stand-in.ts';
import { HOSTILE_STREAMS, HOSTILE_WEB } from './hostile-addresses.ts';

const resolver = { resolve: async () => ['93.184.216.34'] };

it('the Workers runtime reads every hostile address as we do', async () => {
  const outgoing = createOutgoing({ resolver });
  for (const [kind, addresses] of [
    ['web', HOSTILE_WEB],
    ['stream', HOSTILE_STREAMS],
  ] as const)
    for (const address of addresses) {
      const error: unknown = await outgoing.requireAllowed(address, kind).catch((cause: unknown) => cause);
      expect([address, error instanceof AppError && error.code]).toEqual([
        address,
        'outgoing.address_refused',
      ]);
    }
});

it('a bucket is tested in the Workers runtime as in Node', async () => {
  const clock = { now: () => Date.now() };
  const storage = new StorageStandIn(clock.now);
  const ports = { outgoing: createOutgoing({ resolver, fetcher: storage.fetch }) };
  const ctx = { clock, ids: createIds(clock.now), ports } as unknown as Ctx;
  const access = { ...createBucketExample, pathStyle: true };
  expect(await findBucketProblem(ctx, access)).toBeNull();
  storage.fault = 'changes_bytes';
  expect(await findBucketProblem(ctx, access)).toBe('corrupted');
  storage.accounts.clear();
  expect(await findBucketProblem(ctx, access)).toBe('unknown_access_key');
});
