import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';
import { deliverAll, openCall, renewToken, runReconciliation } from '../../calls/calls/support.ts';
import { createMeterName, fetchCosts, recordUsage, storePrices } from './support.ts';

let app: TestApp;
let host: Person;

beforeEach(async () => {
  app = createTestApp();
  host = await app.person();
  const startsAt = new Date(app.clock.now()).toISOString();
  await storePrices(app, { meter: 'participant_minutes', unitPrice: '0.0004', startsAt });
});

interface Line {
  usageRecordId: string;
  entry: number;
  kind: string;
  quantity: number;
  cost: { amountMicros: number | null };
}

const get = async (path: string, person = host) =>
  app.send('GET', `/api/v1/calls/${path}`, { token: person.token });
async function readCost(callId: string) {
  const { status, body } = await get(`${callId}/cost`);
  expect(status).toBe(200);
  return body;
}
async function readLines(callId: string, limit = 100): Promise<Line[]> {
  const lines: Line[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { status, body } = await get(`${callId}/cost/lines?limit=${limit}${cursor && `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    lines.push(...(body.data as Line[]));
    cursor = body.nextCursor as string | null;
  }
  return lines;
}
/** Ends the call as its host, and delivers what follows. */
async function endCall(callId: string): Promise<void> {
  const { roomId } = (await get(callId)).body;
  const ended = await app.send('POST', `/api/v1/rooms/${roomId}/end`, { token: host.token });
  expect(ended.status).toBeLessThan(300);
  await deliverAll(app);
  await runReconciliation(app);
  host = await renewToken(app, host);
  expect((await get(callId)).body.status).toBe('ended');
}
const sumOf = (lines: Line[]) => lines.reduce((sum, { cost }) => sum + (cost.amountMicros ?? 0), 0);

describe('the cost of a call', () => {
  it('is not final while the call runs, and is when all of its time is in the lines', async () => {
    const { cluster } = app.liveKit;
    const { callId, identity } = await openCall(app, host);
    cluster.join(callId, identity);
    await deliverAll(app);
    expect(await readCost(callId)).toMatchObject({ final: false, charges: [], cost: { amountMicros: 0 } });
    app.clock.advanceSeconds(90);
    cluster.leave(callId, identity);
    await deliverAll(app);
    expect(await readCost(callId)).toMatchObject({ final: false });
    await endCall(callId);
    const cost = await readCost(callId);
    expect(cost).toMatchObject({
      callId,
      final: true,
      unknownCount: 0,
      charges: [{ meter: 'participant_minutes' }],
    });
    const [{ quantity, price }] = cost.charges;
    expect(price).toMatchObject({ unitPrice: '0.0004', unitQuantity: 60_000, source: 'test' });
    expect(cost.cost).toEqual({ amountMicros: Math.round((quantity * 0.4) / 60), currency: 'USD' });
    expect(await readLines(callId)).toMatchObject([{ entry: 1, kind: 'usage', quantity }]);
  });

  it('is not final when the call has ended and a line is still missing', async () => {
    const { cluster } = app.liveKit;
    const { callId, identity } = await openCall(app, host);
    cluster.join(callId, identity);
    await deliverAll(app);
    app.clock.advanceSeconds(30);
    await endCall(callId);
    expect(await readCost(callId)).toMatchObject({ final: true });
    await ownerSql('delete from cost_lines where call_id = $1', [callId]);
    expect(await readCost(callId)).toMatchObject({ final: false, charges: [] });
  });

  it('follows a correction: the lines of what a sweep concluded stay, and a line has the difference', async () => {
    const { cluster } = app.liveKit;
    const { callId, identity } = await openCall(app, host);
    cluster.join(callId, identity);
    await deliverAll(app);
    app.clock.advanceSeconds(60);
    cluster.leave(callId, identity);
    const late = cluster.events.splice(0);
    app.clock.advanceSeconds(40);
    await runReconciliation(app);
    const concluded = await readLines(callId);
    expect(concluded).toMatchObject([{ kind: 'usage' }]);
    app.clock.advanceSeconds(1);
    await deliverAll(app, late);
    host = await renewToken(app, host);
    const lines = await readLines(callId, 1);
    expect(lines).toMatchObject([concluded[0], { kind: 'correction', entry: 1 }]);
    expect(lines[1]!.quantity).toBeLessThan(0);
    await endCall(callId);
    const cost = await readCost(callId);
    expect(cost.cost.amountMicros).toBe(sumOf(lines));
    expect(cost).toMatchObject({ final: true });
    expect((await fetchCosts(app, host, 'call')).groups).toMatchObject([{ value: callId, cost: cost.cost }]);
  });

  it('is shown to administrators of the organization alone', async () => {
    const { callId } = await openCall(app, host);
    const member = await app.person({ role: 'member', organizationId: host.organizationId });
    const other = await app.person();
    for (const path of [`${callId}/cost`, `${callId}/cost/lines`]) {
      expect(await get(path, member)).toMatchObject({ status: 403 });
      expect(await get(path, other)).toMatchObject({ status: 404, body: { code: 'calls.not_found' } });
    }
  });
});

it('costs by room and user are those of the call', async () => {
  const { cluster } = app.liveKit;
  const { callId, roomId, identity } = await openCall(app, host);
  cluster.join(callId, identity);
  await deliverAll(app);
  app.clock.advanceSeconds(90);
  cluster.leave(callId, identity);
  await deliverAll(app);
  const { cost } = await readCost(callId);
  expect((await fetchCosts(app, host, 'room')).groups).toMatchObject([{ value: roomId, cost }]);
  expect((await fetchCosts(app, host, 'user')).groups).toMatchObject([{ value: host.userId, cost }]);
  expect((await fetchCosts(app, host, 'model')).groups).toMatchObject([{ value: null, cost }]);
});

it('days begin in the time zone of the organization, also in one that is not whole hours from UTC', async () => {
  const organization = `/api/v1/organizations/${host.organizationId}`;
  const { headers, body } = await app.send('GET', organization, { token: host.token });
  const settings = { ...body.settings, timeZone: 'Asia/Kathmandu' };
  const changed = await app.send('PATCH', organization, {
    token: host.token,
    body: { settings },
    headers: { 'if-match': headers.get('etag')! },
  });
  expect(changed).toMatchObject({ status: 200 });
  const meter = createMeterName();
  await storePrices(app, { meter, unitPrice: '1', unitQuantity: 1 });
  // Midnight there is 18:15 UTC.
  for (const at of ['2026-03-01T18:14:59.999Z', '2026-03-01T18:15:00Z'])
    await recordUsage(app, host, { meter, quantity: 1, at });
  await app.drain();
  const { groups, timeZone } = await fetchCosts(
    app,
    host,
    'day',
    'from=2026-03-01T00:00:00Z&to=2026-03-03T00:00:00Z',
  );
  expect(timeZone).toBe('Asia/Kathmandu');
  expect(groups.map(({ value }: { value: string }) => value)).toEqual(['2026-03-01', '2026-03-02']);
});
