import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createWorker, listDeliveries, workEvent, writeEvents } from '../../kernel/delivery/support.ts';

const path = '/api/v1/operator/dead-letters';

let app: TestApp;
let owner: Person;
let isProviderDown = true;
const { subscriptions, handled } = createWorker(
  () => {
    if (isProviderDown) throw new Error('the provider is down');
  },
  { maxAttempts: 1 },
);

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
  isProviderDown = true;
  handled.length = 0;
});

const asOperator = (method: string, at: string, body?: unknown) =>
  app.send(method, at, { token: app.operator, ...(body === undefined ? {} : { body }) });

const createDeadLetters = async (count: number) => {
  await writeEvents(
    app,
    owner.organizationId,
    Array.from({ length: count }, (_, n) => workEvent(n)),
  );
  await app.drain(subscriptions);
  isProviderDown = false;
  return listDeliveries(app, owner.organizationId);
};

describe('dead letters', () => {
  it('are for the operator alone', async () => {
    for (const [method, at] of [
      ['GET', path],
      ['GET', `${path}/evt_01jd3v7q8gf4kr2x6a0w9mznpe`],
      ['POST', `${path}/evt_01jd3v7q8gf4kr2x6a0w9mznpe/replay`],
      ['POST', `${path}/replay`],
      ['GET', '/api/v1/operator/outbox/stats'],
    ] as const)
      expect((await app.send(method, at, { token: owner.token })).status).toBe(401);
  });

  it('are listed by organization and type, page by page, the newest first', async () => {
    const rows = await createDeadLetters(3);
    const query = `?organizationId=${owner.organizationId}&type=test.work&limit=2`;
    const first = await asOperator('GET', `${path}${query}`);
    const second = await asOperator('GET', `${path}${query}&cursor=${first.body.nextCursor}`);
    const ids = [...first.body.data, ...second.body.data].map(({ id }: { id: string }) => id);
    expect(ids).toEqual(
      rows
        .map(({ id }) => id)
        .sort()
        .toReversed(),
    );
    expect(second.body.nextCursor).toBeNull();
    expect(first.body.data[0]).toMatchObject({ attempts: 1, reason: 'Error: the provider is down' });
    expect(first.body.data[0]).toMatchObject({ type: 'test.work', subscriber: 'test.worker' });
    for (const filter of ['type=test.other', 'subscriber=test.other']) {
      const others = await asOperator('GET', `${path}?organizationId=${owner.organizationId}&${filter}`);
      expect(others.body.data).toEqual([]);
    }
  });

  it('are read with their payload, without what is named like a secret', async () => {
    await writeEvents(app, owner.organizationId, [
      { ...workEvent(1), payload: { resetToken: 'abc', userId: 'usr_1' } },
    ]);
    await app.drain(subscriptions);
    const [row] = await listDeliveries(app, owner.organizationId);
    const deadLetter = await asOperator('GET', `${path}/${row!.id}`);
    expect(deadLetter.body).toMatchObject({
      id: row!.id,
      organizationId: owner.organizationId,
      payload: { resetToken: '[redacted]', userId: 'usr_1' },
    });
  });

  it('are found by the id of their event where it has one of them', async () => {
    const [row] = await createDeadLetters(1);
    expect((await asOperator('GET', `${path}/${row!.eventId}`)).body.id).toBe(row!.id);
  });

  it('are delivered again when replayed, with all their attempts, and are seen in the audit log', async () => {
    const [row] = await createDeadLetters(1);
    expect((await asOperator('POST', `${path}/${row!.id}/replay`)).body).toEqual({ matched: 1, replayed: 1 });
    expect(app.queue.wakeups).toEqual([{ id: row!.id }]);
    await app.drain(subscriptions);
    expect((await listDeliveries(app, owner.organizationId))[0]).toMatchObject({
      status: 'done',
      attempts: 1,
    });
    expect((await asOperator('POST', `${path}/${row!.id}/replay`)).body.code).toBe('dead_letters.not_found');
    const trail = await app.send('GET', '/api/v1/audit/logs?action=dead_letter.replayed', {
      token: owner.token,
    });
    expect(trail.body.data).toHaveLength(1);
    expect(trail.body.data[0]).toMatchObject({ actorKind: 'operator', targetId: row!.id });
  });

  it('are replayed by a filter; a dry run only counts', async () => {
    await createDeadLetters(4);
    const filter = { organizationId: owner.organizationId, type: 'test.work' };
    const preview = await asOperator('POST', `${path}/replay`, { ...filter, dryRun: true });
    expect(preview.body).toEqual({ matched: 4, replayed: 0 });
    const replayed = await asOperator('POST', `${path}/replay`, filter);
    expect(replayed.body).toEqual({ matched: 4, replayed: 4 });
    handled.length = 0;
    await app.drain(subscriptions);
    expect(new Set(handled)).toEqual(new Set([0, 1, 2, 3]));
    expect((await asOperator('POST', `${path}/replay`, filter)).body).toEqual({ matched: 0, replayed: 0 });
  });

  it('that two operators replay at once are replayed once', async () => {
    const [row] = await createDeadLetters(1);
    const both = await Promise.all([1, 2].map(() => asOperator('POST', `${path}/${row!.id}/replay`)));
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 404]);
  });
});

it('statistics say what waits, is in flight and has failed', async () => {
  await createDeadLetters(1);
  await writeEvents(app, owner.organizationId, [workEvent(1)]);
  app.clock.advanceSeconds(90);
  const { body } = await asOperator('GET', '/api/v1/operator/outbox/stats');
  expect(body.dead).toBeGreaterThanOrEqual(1);
  expect(body.due).toBeGreaterThanOrEqual(1);
  expect(body.pending).toBeGreaterThanOrEqual(body.due);
  expect(body.oldestDueAgeSeconds).toBeGreaterThanOrEqual(90);
});
