import { beforeEach, describe, expect, it } from 'vitest';
import { deleteOldAlerts, sweepAlerts } from '../../../src/media/compression-alerts/sweep-alerts.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { insertAlert } from '../../support/compression-alerts.ts';
import { createVideoFile } from '../../support/file-compressions.ts';
import { FakeTasks } from '../../support/media/fake-tasks.ts';
import {
  createApiKey,
  createBatch,
  createCall,
  postSamples,
  sampleAt,
  sentTrack,
} from '../../insights/quality/support.ts';

let app: TestApp;
let tasks: FakeTasks;
let ann: Person;
let key: string;

beforeEach(async () => {
  tasks = new FakeTasks();
  app = createTestApp({ compressionTasks: tasks });
  ann = await app.person();
  // Outlives the minutes that go by.
  key = await createApiKey(app, ann, ['admin']);
});

async function compress(): Promise<string> {
  const fileId = await createVideoFile(app, { token: key });
  const { body } = await app.send('POST', `/api/v1/files/${fileId}/compressions`, { token: key, body: {} });
  await app.drain();
  return body.id as string;
}
async function work(seconds = 40): Promise<void> {
  for (let left = seconds; left > 0; left -= 10) {
    app.clock.advanceSeconds(10);
    await app.fileCompressors.ring();
  }
  await app.drain();
}
/** A compression that the service gives up, through all of the product. */
async function fail(outcome: 'too_long' | 'refused' = 'too_long'): Promise<string> {
  tasks.outcome = outcome;
  const id = await compress();
  await work();
  await sweep();
  return id;
}
/** Compressions like this one that ended at the same time, in some way. */
async function repeat(id: string, times: number, end: Record<string, unknown> = {}): Promise<void> {
  for (let index = 0; index < times; index++) {
    const row = { id: app.services.ids.create('compression'), ...end };
    await ownerSql(
      `insert into file_compressions select (jsonb_populate_record(c, $2::jsonb)).* from file_compressions c where id = $1`,
      [id, JSON.stringify(row)],
    );
  }
}
const sweep = async () => {
  await sweepAlerts(app.services);
  await app.drain();
};
const list = async (query = '', token = key) => {
  const answer = await app.send('GET', `/api/v1/aic/alerts${query}`, { token });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body.data as Record<string, unknown>[];
};
const resolve = (id: unknown, body: unknown, token = key) =>
  app.send('POST', `/api/v1/aic/alerts/${id as string}/resolve`, { token, body });
const actionsOf = async (id: unknown) =>
  (await ownerSql('select action from audit_logs where target_id = $1 order by id', [id as string])).map(
    ({ action }) => action,
  );
const eventsOf = async (id: unknown) =>
  (
    await ownerSql(
      `select payload from outbox where type = 'compression_alert.changed' and payload ->> 'alertId' = $1 order by id`,
      [id as string],
    )
  ).map(({ payload }) => payload);

describe('an alert about compressions that end', () => {
  it('is found once a minute, however many end', async () => {
    tasks.outcome = 'too_long';
    const first = await compress();
    await work();
    await repeat(first, 9);
    await compress();
    await work();
    expect(await list()).toEqual([]);
    await sweep();
    expect(await list()).toMatchObject([{ kind: 'compressions_failing' }]);
  });

  it('is opened once for an encoding, when enough failed at the service, with audit entry and event', async () => {
    const first = await fail();
    await repeat(first, 3);
    await sweep();
    expect(await list()).toEqual([]);
    await repeat(first, 9, { reason: 'refused' });
    await fail();
    await fail();
    const [alert, ...others] = await list();
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      kind: 'compressions_failing',
      severity: 'warning',
      encoding: 'av1',
      callId: null,
      value: 0.3571,
      threshold: 0.2,
      resolved: false,
    });
    expect(await actionsOf(alert!.id)).toEqual(['compression_alert.opened']);
    expect(await eventsOf(alert!.id)).toEqual([
      { alertId: alert!.id, kind: 'compressions_failing', severity: 'warning', resolution: null },
    ]);
    const ben = await app.person();
    expect(await list('', ben.token)).toEqual([]);
    expect(
      (await app.send('GET', `/api/v1/aic/alerts/${alert!.id as string}`, { token: ben.token })).status,
    ).toBe(404);
  });

  it('becomes more severe but never less, and is resolved by itself when its condition is gone', async () => {
    const first = await fail();
    await repeat(first, 8, { reason: 'refused' });
    await fail();
    await fail();
    const [opened] = await list();
    expect(opened).toMatchObject({ severity: 'warning' });
    await repeat(first, 5);
    await sweep();
    expect(await list()).toMatchObject([{ id: opened!.id, severity: 'critical' }]);
    await repeat(first, 15, { reason: 'refused' });
    await sweep();
    expect(await list()).toMatchObject([{ severity: 'critical', resolved: false }]);
    await repeat(first, 60, { reason: 'refused' });
    await sweep();
    expect(await list()).toMatchObject([
      { id: opened!.id, resolved: true, resolution: 'condition_gone', resolvedBy: null },
    ]);
    expect((await actionsOf(opened!.id)).map(String).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'compression_alert.opened',
      'compression_alert.raised',
      'compression_alert.resolved',
    ]);
    expect(await eventsOf(opened!.id)).toHaveLength(3);
  });

  it.each([
    ['quality_missed', 5, { state: 'kept', reason: 'quality_not_reached' }],
    ['nothing_won', 10, { state: 'kept', reason: 'not_smaller' }],
  ])('says %s of copies that were not kept', async (kind, least, end) => {
    const first = await fail('refused');
    await repeat(first, least - 3, end);
    await fail('refused');
    expect(await list()).toEqual([]);
    await repeat(first, 2, end);
    await fail('refused');
    expect((await list()).map((alert) => alert.kind)).toEqual([kind]);
  });
});

describe('an alert that a person has resolved', () => {
  it('keeps their notes, and what was before does not open it again; what happens afterwards does', async () => {
    const first = await fail();
    await repeat(first, 3);
    await fail();
    const [alert] = await list();
    const answer = await resolve(alert!.id, { notes: 'More disk' }, ann.token);
    expect(answer).toMatchObject({
      status: 200,
      body: { resolved: true, resolution: 'by_person', resolvedBy: ann.userId, notes: 'More disk' },
    });
    expect((await resolve(alert!.id, {})).body.code).toBe('compression_alerts.already_resolved');
    await sweep();
    await fail();
    expect(await list('?resolved=false')).toEqual([]);
    const last = await fail();
    await repeat(last, 2);
    await fail();
    expect(await list()).toMatchObject([
      { kind: 'compressions_failing', resolved: false, value: 1 },
      { id: alert!.id },
    ]);
  });

  it('cannot be resolved without the permission', async () => {
    const id = await insertAlert(app, ann);
    const member = await app.person({ role: 'member', organizationId: ann.organizationId });
    expect((await resolve(id, {}, member.token)).status).toBe(403);
    expect((await app.send('GET', '/api/v1/aic/alerts', { token: member.token })).status).toBe(403);
    expect(await list()).toMatchObject([{ id, resolved: false }]);
  });
});

describe('an alert about a compression that stands still', () => {
  it('is opened after half an hour, is critical after six, and is gone once the service is back', async () => {
    tasks.isDown = true;
    await compress();
    await work();
    app.clock.advanceSeconds(29 * 60);
    await sweep();
    expect(await list()).toEqual([]);
    app.clock.advanceSeconds(60);
    await sweep();
    expect(await list()).toMatchObject([
      { kind: 'compressions_waiting', severity: 'warning', encoding: null, threshold: 1_800 },
    ]);
    app.clock.advanceSeconds(6 * 3_600);
    await sweep();
    expect(await list()).toMatchObject([{ severity: 'critical' }]);
    tasks.isDown = false;
    await work(400);
    await sweep();
    expect(await list()).toMatchObject([{ resolution: 'condition_gone' }]);
  });
});

describe('an alert about the network of a call', () => {
  let call: Awaited<ReturnType<typeof createCall>>;
  let sequence: number;

  beforeEach(async () => {
    const body = { mode: 'adaptive', maxSendBps: null };
    expect((await app.send('PUT', '/api/v1/aic/config', { token: ann.token, body })).status).toBe(200);
    call = await createCall(app, ann, 1);
    sequence = 0;
  });

  /** Minutes in which the participants report these bandwidths. */
  async function report(minutes: number, ...bandwidths: number[]): Promise<void> {
    for (let quarter = 0; quarter < minutes * 4; quarter++) {
      app.clock.advanceSeconds(15);
      for (const [index, availableOutgoingBps] of bandwidths.entries()) {
        const batch = createBatch(app, {
          callId: call.callId,
          participantId: call.people[index]!.participantId,
          sequence,
          samples: [sampleAt(app, 0, { availableOutgoingBps }, [{ ...sentTrack(), bitrateBps: 40_000 }])],
        });
        expect(await postSamples(app, key, batch)).toMatchObject({ status: 201 });
      }
      sequence++;
    }
    await app.drain();
    await sweep();
  }

  it('is opened after five minutes in which half of the participants had a poor one, not before', async () => {
    await report(4, 100_000, 9_000_000);
    expect(await list()).toEqual([]);
    await report(1, 100_000, 9_000_000);
    expect(await list()).toMatchObject([
      { kind: 'network_poor', severity: 'warning', callId: call.callId, encoding: null, value: 0.5 },
    ]);
  });

  it('is critical when all of them had, and is gone with the call', async () => {
    await report(5, 100_000, 100_000);
    expect(await list()).toMatchObject([{ severity: 'critical', value: 1 }]);
    await ownerSql(`update calls set status = 'ended', ended_at = $2 where id = $1`, [
      call.callId,
      new Date(app.clock.now()).toISOString(),
    ]);
    await sweep();
    expect(await list()).toMatchObject([{ resolution: 'condition_gone' }]);
  });

  it('is gone when the network is better, and comes back no earlier than five minutes after a person resolved it', async () => {
    await report(5, 100_000, 100_000);
    const [alert] = await list();
    await resolve(alert!.id, {});
    await report(4, 100_000, 100_000);
    expect(await list()).toHaveLength(1);
    await report(1, 100_000, 100_000);
    expect(await list('?resolved=false')).toHaveLength(1);
    await report(1, 9_000_000, 9_000_000);
    expect(await list('?resolved=false')).toEqual([]);
  });
});

describe('the list of alerts', () => {
  it('is a page by severity and by whether they are resolved; they are kept for 90 days', async () => {
    const resolvedAt = new Date(app.clock.now()).toISOString();
    const gone = await insertAlert(app, ann, { resolvedAt });
    app.clock.advanceSeconds(1);
    const grave = await insertAlert(app, ann, { severity: 'critical' });
    app.clock.advanceSeconds(1);
    const light = await insertAlert(app, ann);
    const ids = async (query: string) => (await list(query)).map(({ id }) => id);
    expect(await ids('')).toEqual([light, grave, gone]);
    expect(await ids('?severity=critical')).toEqual([grave]);
    expect(await ids('?resolved=true')).toEqual([gone]);
    expect(await ids('?resolved=false&severity=warning')).toEqual([light]);
    const page = await app.send('GET', '/api/v1/aic/alerts?limit=1', { token: key });
    expect(await ids(`?limit=1&cursor=${page.body.nextCursor as string}`)).toEqual([grave]);
    app.clock.advanceSeconds(91 * 86_400);
    await deleteOldAlerts(app.services);
    expect(await ownerSql('select id from compression_alerts where id = any($1)', [[gone, grave]])).toEqual([
      { id: grave },
    ]);
  });
});
