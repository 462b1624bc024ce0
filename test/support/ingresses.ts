import { systemScope } from '../../src/kernel/context/index.ts';
import { ingresses } from '../../src/media/ingresses/ingresses.tables.ts';
import type { TestApp } from './app.ts';

type IngressRow = typeof ingresses.$inferInsert;

/** Inserts an ingress that media are sent to and that its cluster does not have, unless `row` says otherwise. */
export async function insertIngress(
  app: TestApp,
  row: Pick<IngressRow, 'organizationId' | 'roomId'> & Partial<IngressRow>,
): Promise<string> {
  const { ids, clock, database, ports } = app.services;
  const id = ids.create('ingress');
  const now = new Date(clock.now());
  const defaults = {
    id,
    kind: 'rtmp',
    name: 'Camera',
    enabled: true,
    cluster: ports.clusters.names[0]!,
    state: 'idle',
    reason: 'no_call',
    stateAt: now,
    createdBy: 'usr_1',
    createdAt: now,
    updatedAt: now,
  } satisfies Omit<IngressRow, 'organizationId' | 'roomId'>;
  await database.commit(systemScope, (q) => [q.insert(ingresses).values({ ...defaults, ...row })]);
  return id;
}
