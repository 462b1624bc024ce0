import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { deliver, publish, sweepDeliveries } from '../../../src/kernel/delivery/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { createWorker, deploy, listDeliveries, workEvent, writeEvents } from './support.ts';

let app: TestApp;
let organizationId: string;

beforeEach(async () => {
  app = createTestApp();
  // The sweep takes what it finds in every organization, also of the test before.
  for (const table of [sql`deliveries`, sql`outbox`])
    await app.services.database.commit(systemScope, (q) => [q.execute(sql`delete from ${table}`)]);
  ({ organizationId } = await app.person());
});

const rows = async () =>
  (await listDeliveries(app, organizationId)).map(({ subscriber, status }) => `${subscriber} ${status}`);

describe('a deployment that adds a subscriber', () => {
  it('delivers events that were pending to it as well, each once', async () => {
    const [old, added] = [createWorker(), createWorker(undefined, {}, 'test.added')];
    deploy(app, old);
    await writeEvents(app, organizationId, [workEvent(1)]);
    deploy(app, old, added);
    await app.drain();
    expect([old.handled, added.handled]).toEqual([[1], [1]]);
  });

  it('delivers events that the old version published beside it, and none twice', async () => {
    const [old, added] = [createWorker(), createWorker(undefined, {}, 'test.added')];
    deploy(app, old);
    await writeEvents(app, organizationId, [workEvent(1), workEvent(2)]);
    await app.drain();
    deploy(app, old, added);
    await sweepDeliveries(app.services);
    await sweepDeliveries(app.services);
    await app.drain();
    expect(old.handled.toSorted((a, b) => a - b)).toEqual([1, 2]);
    expect(added.handled.toSorted((a, b) => a - b)).toEqual([1, 2]);
  });

  it('does not deliver what was published long before it', async () => {
    const [old, added] = [createWorker(), createWorker(undefined, {}, 'test.added')];
    deploy(app, old);
    await writeEvents(app, organizationId, [workEvent(1)]);
    await app.drain();
    app.clock.advanceSeconds(15 * 60 + 1);
    deploy(app, old, added);
    await sweepDeliveries(app.services);
    await app.drain();
    expect(added.handled).toEqual([]);
  });

  it('waits for the new version when the old one gets the delivery', async () => {
    const [old, added] = [createWorker(), createWorker(undefined, {}, 'test.added')];
    deploy(app, old, added);
    await writeEvents(app, organizationId, [workEvent(1)]);
    await publish(app.services, [organizationId]);
    deploy(app, old);
    for (const wakeup of app.queue.wakeups.splice(0)) await deliver(app.services, wakeup);
    expect(await rows()).toEqual(['test.added pending', 'test.worker done']);
    deploy(app, old, added);
    app.clock.advanceSeconds(10);
    await app.drain();
    expect([old.handled, added.handled]).toEqual([[1], [1]]);
  });
});

describe('a deployment that removes a subscriber', () => {
  it('ends its pending deliveries as dead letters once no version can have it, and loses no other', async () => {
    const [kept, removed] = [createWorker(), createWorker(undefined, {}, 'test.removed')];
    deploy(app, kept, removed);
    await writeEvents(app, organizationId, [workEvent(1)]);
    await publish(app.services, [organizationId]);
    deploy(app, kept);
    await app.drain();
    expect(await rows()).toEqual(['test.removed pending', 'test.worker done']);
    app.clock.advanceSeconds(15 * 60);
    await app.drain();
    expect(await rows()).toEqual(['test.removed dead', 'test.worker done']);
    expect((await listDeliveries(app, organizationId))[0]!.lastError).toBe(
      'DeliveryError: there is no subscriber test.removed',
    );
    expect([kept.handled, removed.handled]).toEqual([[1], []]);
  });

  it('makes no deliveries for it', async () => {
    const [kept, removed] = [createWorker(), createWorker(undefined, {}, 'test.removed')];
    deploy(app, kept, removed);
    await writeEvents(app, organizationId, [workEvent(1)]);
    deploy(app, kept);
    await app.drain();
    expect(await rows()).toEqual(['test.worker done']);
  });
});
