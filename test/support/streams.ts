import { systemScope } from '../../src/kernel/context/index.ts';
import { streams } from '../../src/media/streams/streams.tables.ts';
import { newTargetExample } from '../../src/media/stream-targets/stream-targets.schemas.ts';
import type { StreamTarget } from '../../src/media/stream-targets/stream-targets.rules.ts';
import type { TestApp } from './app.ts';

type StreamRow = typeof streams.$inferInsert;

/** Inserts a stream of a call that is sent to one target, unless `row` says otherwise. */
export async function insertStream(
  app: TestApp,
  row: Pick<StreamRow, 'organizationId' | 'roomId' | 'callId'> & Partial<StreamRow>,
): Promise<{ streamId: string; targetId: string }> {
  const { ids, clock, database, ports, vault } = app.services;
  const [id, targetId] = [ids.create('stream'), ids.create('streamTarget')];
  const now = new Date(clock.now());
  const address = `${newTargetExample.url}/${newTargetExample.streamKey}`;
  const target = {
    id: targetId,
    url: newTargetExample.url,
    sealedAddress: await vault.encrypt(address, `streams.targets.${targetId}`),
    state: 'active',
    reason: null,
    isListed: true,
    removeRequestedAt: null,
    startedAt: now.toISOString(),
    endedAt: null,
    createdAt: now.toISOString(),
  } satisfies StreamTarget;
  const defaults = {
    id,
    cluster: ports.clusters.names[0]!,
    layout: 'grid',
    state: 'active',
    targets: [target],
    segmentCount: 0,
    segmentBytes: 0,
    egress: 'EG_1',
    requestedBy: 'usr_1',
    startedAt: now,
    stateAt: now,
    listedAt: now,
    createdAt: now,
    updatedAt: now,
  } satisfies Omit<StreamRow, 'organizationId' | 'roomId' | 'callId'>;
  await database.commit(systemScope, (q) => [q.insert(streams).values({ ...defaults, ...row })]);
  return { streamId: id, targetId };
}
