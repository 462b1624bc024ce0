import { expect, it } from 'vitest';
import type { Retention } from '../../../src/kernel/modules/index.ts';
import { modules } from '../../../src/modules.ts';
import { listStores } from '../wrangler.ts';
import { listForeignKeys, listTableNames } from './catalog.ts';

const TABLE_RETENTION: Record<string, Retention> = Object.assign(
  {},
  ...modules.map((each) => each.retention),
);
const STORE_RETENTION: Record<string, Retention> = Object.assign(
  {},
  ...modules.map((each) => each.storeRetention),
);
const inventory = Object.entries({ ...TABLE_RETENTION, ...STORE_RETENTION });

it('the retention inventory holds every table and no other', async () => {
  expect(Object.keys(TABLE_RETENTION).toSorted()).toEqual((await listTableNames()).toSorted());
});

it('the retention inventory holds every bucket, queue, data set and live object, and no other', () => {
  expect(Object.keys(STORE_RETENTION).toSorted()).toEqual(listStores().toSorted());
});

it('the retention inventory says for each rule with whom, what or why', () => {
  expect(inventory.filter(([, { how }]) => how.length < 10)).toEqual([]);
});

it('a table that goes with its organization or person has a foreign key that takes it along', async () => {
  const keys = await listForeignKeys();
  const roots = ['organizations', 'users'];
  const cascading = Object.entries(TABLE_RETENTION).filter(
    ([table, { rule }]) => rule === 'cascade' && !roots.includes(table),
  );
  const withoutCascade = cascading.filter(
    ([table]) => !keys.some((key) => key.table === table && key.onDelete === 'c'),
  );
  expect(withoutCascade.map(([table]) => table)).toEqual([]);
});
