import { expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { sweepIngresses, sweepStrayIngresses } from '../../../src/media/ingresses/follow-ingresses.ts';
import { ingresses } from '../../../src/media/ingresses/ingresses.tables.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';
import { KILLED, killAt } from '../../support/kill.ts';
import { FakeIngresses } from '../../support/livekit/fake-ingresses.ts';
import { withFreshToken } from '../../support/tokens.ts';

const app = createTestApp();
const { ports } = app.services;

/** What the minute brings: deliveries, and the sweeps. */
const passMinute = async () => {
  app.clock.advanceSeconds(30);
  await app.drain().catch(() => undefined);
  await sweepIngresses(app.services).catch(() => undefined);
  await sweepStrayIngresses(app.services).catch(() => undefined);
};
const passMinutes = async () => {
  for (let minute = 0; minute < 3; minute++) await passMinute();
};

/** An ingress from creation to deletion, with a process that is killed at this commit. @returns whether it came to that commit */
async function ingress(step: number, when: (typeof KILLED)[number]): Promise<boolean> {
  await app.drain();
  await app.services.database.commit(systemScope, (q) => [q.delete(ingresses)]);
  const cluster = new FakeIngresses(app.clock.now);
  ports.clusters = { ...ports.clusters, ingresses: () => cluster };
  let owner = await app.person();
  const send = async (method: string, path: string, body?: unknown) => {
    owner = await withFreshToken(app, owner);
    return app.send(method, path, { token: owner.token, ...(body === undefined ? {} : { body }) });
  };
  const { organizationId } = owner;
  const roomId = (await send('POST', '/api/v1/rooms', { name: 'Room' })).body.id as string;
  const path = `/api/v1/rooms/${roomId}/ingresses`;
  const made = await send('POST', path, { kind: 'rtmp', name: 'Stage camera' });
  const id = made.body.id as string;
  const [call] = await createCalls(app, [{ organizationId, roomId }]);
  const kill = killAt(app, step, when);
  await passMinutes();
  cluster.session(cluster.all[0]!.ingressId, 'publishing');
  await passMinutes();
  kill.restart();
  await passMinutes();
  const rows = await ownerSql('select state, reason, call_id from ingresses where id = $1', [id]);
  expect(rows).toEqual([{ state: 'active', reason: null, call_id: call!.callId }]);
  expect(cluster.all).toMatchObject([{ identity: id, enabled: true, status: 'publishing' }]);

  const deletion = killAt(app, 1, when);
  expect((await send('DELETE', `${path}/${id}`)).status).toBe(500);
  deletion.restart();
  if (when === 'before') expect(await send('DELETE', `${path}/${id}`)).toMatchObject({ status: 204 });
  await passMinutes();
  expect([cluster.all, await ownerSql('select id from ingresses where id = $1', [id])]).toEqual([[], []]);
  const deleted = await ownerSql(
    `select action from audit_logs where organization_id = $1 and action = 'ingress.deleted'`,
    [organizationId],
  );
  expect(deleted).toHaveLength(1);
  return kill.wasKilled();
}

it.each(KILLED)(
  'a process that is killed %s any commit of an ingress leaves one at the cluster, lets its sender in, and none once it is deleted',
  async (when) => {
    let step = 1;
    while (await ingress(step, when)) step++;
    expect(step).toBeGreaterThan(3);
  },
);
