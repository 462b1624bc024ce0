import { beforeEach, describe, expect, it } from 'vitest';
import { runReportSchedules } from '../../../src/analytics/report-schedules/run-schedules.ts';
import type { Services } from '../../../src/kernel/context/index.ts';
import { sweepDeliveries } from '../../../src/kernel/delivery/index.ts';
import { renewToken } from '../../calls/calls/support.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createApiKey } from '../../insights/quality/support.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;
const reportsPath = '/api/v1/analytics/reports';

let app: TestApp;
let owner: Person;
let admin: Person;
let reportId: string;

const spec = { source: 'calls', dimensions: ['day'], measures: ['calls'] };
const send = async (method: string, path: string, body?: unknown, person = owner) => {
  const { token } = await renewToken(app, person);
  return app.send(method, path, { token, ...(body === undefined ? {} : { body }) });
};
const pathOf = () => `${reportsPath}/${reportId}/schedule`;
const set = (change: object = {}, person = owner) =>
  send(
    'PUT',
    pathOf(),
    { cron: '0 8 * * *', timeZone: 'UTC', recipients: [admin.userId], ...change },
    person,
  );
const read = async () => (await send('GET', pathOf())).body;
const moveTo = (moment: string) => app.clock.advanceSeconds((Date.parse(moment) - app.clock.now()) / 1000);
/** Sweeps, and handles everything that follows. */
const sweep = async () => {
  const report = await runReportSchedules(app.services);
  expect([report.ended.failed, report.started.failed]).toEqual([0, 0]);
  await app.drain();
  return report;
};
/** One date: the run is started, made, and noted. */
const runOnce = async () => {
  expect((await sweep()).started.done).toBe(1);
  expect((await sweep()).ended.done).toBe(1);
};
const nextDay = () => app.clock.advanceSeconds(DAY_SECONDS);
const operations = () =>
  ownerSql<{ id: string; requested_by: string }>(
    `select id, requested_by from operations where organization_id = $1 and kind like 'report.run%'`,
    [owner.organizationId],
  );
const mailsTo = (person: Person) => app.mailbox.mails.filter(({ to }) => to === person.email);
const breakReport = () =>
  ownerSql(`update reports set spec = '{"source": "calls"}' where id = $1`, [reportId]);

beforeEach(async () => {
  app = createTestApp();
  // A sweep covers all organizations, also those of the tests before.
  await ownerSql('delete from report_schedules');
  moveTo('2027-03-10T07:30:00Z');
  owner = await app.person();
  admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
  const made = await send('POST', reportsPath, { name: 'Calls by day', spec, format: 'csv' });
  reportId = made.body.id;
});

describe('a schedule', () => {
  it('runs its report at its date in the name of the user who set it, and mails recipients a link to the file', async () => {
    expect(await set({ format: 'json' })).toMatchObject({
      status: 200,
      body: {
        status: 'active',
        ownerId: owner.userId,
        nextRunAt: '2027-03-10T08:00:00.000Z',
        lastOutcome: null,
      },
    });
    expect((await sweep()).started.done).toBe(0);
    moveTo('2027-03-10T08:00:10Z');
    await runOnce();
    const [operation] = await operations();
    expect(operation).toMatchObject({ requested_by: owner.userId });
    expect(await read()).toMatchObject({
      nextRunAt: '2027-03-11T08:00:00.000Z',
      lastRunAt: '2027-03-10T08:00:10.000Z',
      lastOperationId: operation!.id,
      lastOutcome: 'succeeded',
    });
    const [mail] = mailsTo(admin);
    expect(mail!.text).toContain(`https://app.auralink.test/reports/${reportId}/runs/${operation!.id}`);
    expect(mailsTo(owner)).toEqual([]);
    const file = await send('GET', `/api/v1/operations/${operation!.id}/result`, undefined, admin);
    expect(file).toMatchObject({ status: 200, body: { columns: [{ name: 'day' }, { name: 'calls' }] } });
    expect((await send('GET', `${reportsPath}/${reportId}`)).body.lastOperationId).toBe(operation!.id);
  });

  it('starts one run for a date, also when sweeps run at the same time, and makes up for no missed date', async () => {
    await set();
    app.clock.advanceSeconds(10 * DAY_SECONDS);
    const sweeps = await Promise.all([1, 2, 3, 4].map(() => runReportSchedules(app.services)));
    expect(sweeps.reduce((sum, { started }) => sum + started.done, 0)).toBe(1);
    await app.drain();
    await Promise.all([1, 2, 3].map(() => runReportSchedules(app.services)));
    await app.drain();
    expect(await operations()).toHaveLength(1);
    expect(mailsTo(admin)).toHaveLength(1);
    expect((await read()).nextRunAt).toBe('2027-03-20T08:00:00.000Z');
  });

  it('starts one run when the sweep is killed before or after its commit', async () => {
    await set();
    nextDay();
    const { database } = app.services;
    const killedBefore = Object.assign(Object.create(database), {
      commit: () => Promise.reject(new Error('killed')),
    });
    const killedAfter = Object.assign(Object.create(database), {
      commit: async (...batch: Parameters<typeof database.commit>) => {
        await database.commit(...batch);
        throw new Error('killed');
      },
    });
    const runWith = (killed: Services['database']) =>
      runReportSchedules({ ...app.services, database: killed });
    expect((await runWith(killedBefore)).started.failed).toBe(1);
    expect(await operations()).toHaveLength(0);
    await runWith(killedAfter);
    expect(await operations()).toHaveLength(1);
    await sweepDeliveries(app.services);
    await sweep();
    await sweep();
    expect(await operations()).toHaveLength(1);
    expect(mailsTo(admin)).toHaveLength(1);
  });

  it('starts no second run while the first is at work', async () => {
    await set({ cron: '0 * * * *' });
    nextDay();
    await runReportSchedules(app.services);
    app.clock.advanceSeconds(2 * HOUR_SECONDS);
    expect((await runReportSchedules(app.services)).started.done).toBe(0);
    await app.drain();
    await sweep();
    await sweep();
    expect(await operations()).toHaveLength(2);
  });

  it('follows the wall clock of its time zone, over changes of clocks, and stays with it', async () => {
    await send('PATCH', `/api/v1/organizations/${owner.organizationId}`, {
      settings: { timeZone: 'Europe/Berlin' },
    });
    expect((await set({ timeZone: undefined, cron: '30 2 * * *' })).body).toMatchObject({
      timeZone: 'Europe/Berlin',
      nextRunAt: '2027-03-11T01:30:00.000Z',
    });
    await send('PATCH', `/api/v1/organizations/${owner.organizationId}`, {
      settings: { timeZone: 'Asia/Tokyo' },
    });
    moveTo('2027-03-28T00:00:00Z');
    await sweep();
    expect((await read()).nextRunAt).toBe('2027-03-28T01:30:00.000Z');
    await sweep();
    moveTo('2027-03-28T01:30:00Z');
    await sweep();
    expect(await read()).toMatchObject({ timeZone: 'Europe/Berlin', nextRunAt: '2027-03-29T00:30:00.000Z' });
    expect((await set({ timeZone: 'Asia/Tokyo', cron: '30 2 * * *' })).body.nextRunAt).toBe(
      '2027-03-28T17:30:00.000Z',
    );
  });

  it('is paused and resumed by setting it', async () => {
    await set();
    expect((await set({ status: 'paused' })).body).toMatchObject({
      pauseReason: 'requested',
      nextRunAt: null,
    });
    nextDay();
    expect((await sweep()).started.done).toBe(0);
    expect((await set()).body).toMatchObject({
      status: 'active',
      pauseReason: null,
      nextRunAt: '2027-03-11T08:00:00.000Z',
    });
  });

  it('mails the first failure in a row, pauses after three, and mails that; a success starts the count again', async () => {
    await set();
    await breakReport();
    for (const failures of [1, 2]) {
      nextDay();
      await runOnce();
      expect(await read()).toMatchObject({ status: 'active', failures, lastOutcome: 'failed' });
      expect(mailsTo(owner).map(({ subject }) => subject)).toEqual(['Report failed: Calls by day']);
    }
    nextDay();
    await runOnce();
    expect(await read()).toMatchObject({
      status: 'paused',
      pauseReason: 'failures',
      failures: 3,
      nextRunAt: null,
    });
    expect(mailsTo(owner).map(({ subject }) => subject)).toEqual([
      'Report failed: Calls by day',
      'Report paused: Calls by day',
    ]);
    nextDay();
    expect((await sweep()).started.done).toBe(0);
    expect(mailsTo(admin)).toEqual([]);
    await send('PATCH', `${reportsPath}/${reportId}`, { spec });
    expect((await set()).body).toMatchObject({ status: 'active', failures: 0 });
    nextDay();
    await runOnce();
    expect(await read()).toMatchObject({ failures: 0, lastOutcome: 'succeeded' });
  });

  it('whose run is cancelled mails nothing, and counts no failure', async () => {
    await set();
    nextDay();
    await runReportSchedules(app.services);
    const [operation] = await operations();
    expect(await send('POST', `/api/v1/operations/${operation!.id}/cancel`)).toMatchObject({ status: 200 });
    await app.drain();
    await sweep();
    expect(await read()).toMatchObject({ lastOutcome: 'cancelled', failures: 0, status: 'active' });
    expect(app.mailbox.mails).toEqual([]);
  });

  it('goes with its report: a run at work ends, and no mail follows', async () => {
    await set();
    nextDay();
    await runReportSchedules(app.services);
    expect(await send('DELETE', `${reportsPath}/${reportId}`)).toMatchObject({ status: 204 });
    await app.drain();
    await sweep();
    expect(app.mailbox.mails).toEqual([]);
    expect(await send('GET', pathOf())).toMatchObject({
      status: 404,
      body: { code: 'report_schedules.not_found' },
    });
    const [operation] = await operations();
    expect(await send('GET', `/api/v1/operations/${operation!.id}`)).toMatchObject({
      body: { status: 'succeeded' },
    });
  });
});

describe('authority over a scheduled report', () => {
  const setRole = async (person: Person, change: string) =>
    ownerSql(`update members set ${change} where user_id = $1`, [person.userId]);

  it.each(["role = 'member'", "status = 'suspended'"])(
    'pauses the schedule of an owner whose membership changed to %s, and mails owners and administrators',
    async (change) => {
      await set({ recipients: [owner.userId] }, admin);
      await setRole(admin, change);
      nextDay();
      await sweep();
      expect(await read()).toMatchObject({ status: 'paused', pauseReason: 'owner', nextRunAt: null });
      expect(await operations()).toHaveLength(0);
      expect(mailsTo(owner).map(({ subject }) => subject)).toEqual(['Report paused: Calls by day']);
      expect(mailsTo(admin)).toEqual([]);
    },
  );

  it('pauses the schedule of an owner who was deleted', async () => {
    await set({ recipients: [owner.userId] }, admin);
    await ownerSql('delete from users where id = $1', [admin.userId]);
    nextDay();
    await sweep();
    expect(await read()).toMatchObject({ status: 'paused', pauseReason: 'owner', ownerId: null });
  });

  it('mails and shows nothing to a recipient whose role changed while the report ran, and pauses when none is left', async () => {
    await set();
    nextDay();
    await sweep();
    await setRole(admin, "role = 'member'");
    await sweep();
    expect((await read()).lastOutcome).toBe('succeeded');
    expect(app.mailbox.mails).toEqual([]);
    const [operation] = await operations();
    const result = `/api/v1/operations/${operation!.id}/result`;
    expect(await send('GET', result, undefined, { ...admin, role: 'member' })).toMatchObject({ status: 404 });
    nextDay();
    await sweep();
    expect(await read()).toMatchObject({ status: 'paused', pauseReason: 'recipients' });
  });

  it('is what recipients must have when it is set, for the audit log with the permission to read it', async () => {
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    const outsider = await app.person();
    const answer = await set({ recipients: [admin.userId, member.userId, outsider.userId] });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/recipients/1',
      '/recipients/2',
    ]);
    const key = await createApiKey(app, owner, ['analytics:write']);
    const body = { cron: '0 8 * * *', recipients: [admin.userId] };
    expect(await app.send('PUT', pathOf(), { token: key, body })).toMatchObject({ status: 403 });
    expect(await send('PUT', pathOf(), body, outsider)).toMatchObject({ status: 404 });
    expect(await send('GET', pathOf(), undefined, outsider)).toMatchObject({ status: 404 });
  });

  it('sends no mail to an address that is not confirmed', async () => {
    await ownerSql('update users set email_verified = false where id = $1', [admin.userId]);
    await set();
    nextDay();
    await runOnce();
    expect(app.mailbox.mails).toEqual([]);
  });
});

it.each(['every monday', '* 8 * * *', '0,30 8 * * *', '0 8 30 2 *'])(
  'a schedule with the expression %j is refused',
  async (cron) => {
    const answer = await set({ cron });
    expect(answer).toMatchObject({ status: 400 });
    expect(JSON.stringify(answer.body.errors)).toContain('/cron');
  },
);
