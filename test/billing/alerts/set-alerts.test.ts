import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { createDocumentsMeter, recordMinutes } from '../usage/support.ts';
import { createAppInMidMonth, listAlerts, minutesOf, setThresholds } from './support.ts';

const DOCUMENTS = 'acme.documents';
const MINUTES = 'participant_minutes';
let app: TestApp;
let owner: Person;

beforeEach(async () => {
  app = createAppInMidMonth();
  owner = await app.person();
  await createDocumentsMeter(app, owner);
});

const read = async () => (await app.send('GET', '/api/v1/usage/alerts', { token: owner.token })).body;
async function sendDocuments(id: string, quantity: number): Promise<void> {
  const body = { specversion: '1.0', id, source: '/documents', type: DOCUMENTS, data: { quantity } };
  expect(await app.send('POST', '/api/v1/usage/events', { token: owner.token, body })).toMatchObject({
    status: 200,
  });
  await app.drain();
}

describe('thresholds of an organization', () => {
  it('are replaced as a whole, recorded in the audit log, and listed with the alerts of the month', async () => {
    expect(await read()).toEqual({ thresholds: [], alerts: [] });
    const thresholds = [
      { meter: DOCUMENTS, quantity: 100 },
      { meter: MINUTES, percent: 50 },
    ];
    expect(await setThresholds(app, owner, thresholds)).toMatchObject({ status: 200, body: { thresholds } });
    await sendDocuments('one', 120);
    expect(await read()).toMatchObject({
      thresholds,
      alerts: [{ meter: DOCUMENTS, percent: null, quantity: 100, usedQuantity: 120 }],
    });
    await setThresholds(app, owner, []);
    expect(await read()).toMatchObject({ thresholds: [], alerts: [{ meter: DOCUMENTS }] });
    const changes = await ownerSql(
      `select 1 from audit_logs where organization_id = $1 and action = 'usage_thresholds.changed'`,
      [owner.organizationId],
    );
    expect(changes).toHaveLength(2);
  });

  it('raise their alert once, in quantity and in percent, beside those at 80 and 100 percent', async () => {
    await setThresholds(app, owner, [
      { meter: MINUTES, percent: 50 },
      { meter: MINUTES, percent: 80 },
      { meter: MINUTES, quantity: 600 * 60_000 },
      { meter: MINUTES, quantity: 800 * 60_000 },
    ]);
    for (const [key, minutes] of [
      ['a', 500],
      ['b', 100],
      ['c', 150],
      ['d', 80],
    ] as const) {
      await recordMinutes(app, owner, key, minutes);
      await app.drain();
    }
    expect(await minutesOf(owner)).toEqual([500, 600, 800]);
    expect((await listAlerts(owner)).map(({ percent }) => percent)).toEqual([50, null, 80]);
  });

  it('that are reached when they are set raise their alert, also when they are set repeatedly', async () => {
    await sendDocuments('one', 120);
    for (const quantity of [200, 100, 200, 100]) {
      await setThresholds(app, owner, [{ meter: DOCUMENTS, quantity }]);
      await app.drain();
    }
    expect(await listAlerts(owner)).toMatchObject([{ meter: DOCUMENTS, quantity: 100 }]);
  });

  it.each([
    ['an unknown meter', [{ meter: 'acme.unknown', quantity: 1 }], '/thresholds/0/meter'],
    [
      'a threshold twice',
      [
        { meter: MINUTES, percent: 5 },
        { percent: 5, meter: MINUTES },
      ],
      '/thresholds/1',
    ],
  ])('are refused for %s', async (_what, thresholds, pointer) => {
    const answer = await setThresholds(app, owner, thresholds);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid', errors: [{ pointer }] } });
  });

  it.each([
    ['21 thresholds', Array.from({ length: 21 }, (_, at) => ({ meter: DOCUMENTS, quantity: at + 1 }))],
    ['a percentage of an own meter', [{ meter: DOCUMENTS, percent: 50 }]],
    ['neither quantity nor percentage', [{ meter: MINUTES }]],
    ['both quantity and percentage', [{ meter: MINUTES, quantity: 1, percent: 1 }]],
    ['a quantity of nothing', [{ meter: MINUTES, quantity: 0 }]],
  ])('are refused for %s', async (_what, thresholds) => {
    expect(await setThresholds(app, owner, thresholds)).toMatchObject({
      status: 400,
      body: { code: 'request.invalid' },
    });
    expect(await read()).toMatchObject({ thresholds: [] });
  });
});
