import { expect } from 'vitest';
import { signAccessToken } from '../../../src/identity/access/index.ts';
import type { PlanName } from '../../../src/identity/entitlements/index.ts';
import { callConnections, callParticipants } from '../../../src/calls/calls/calls.tables.ts';
import { participantMinutes } from '../../../src/calls/calls/calls.meters.ts';
import { createUsageSubscriptions } from '../../../src/billing/usage/record-usage.ts';
import { runAsSystem } from '../../../src/kernel/delivery/index.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { eq } from 'drizzle-orm';
import type { Person, TestApp } from '../../support/app.ts';

/** Reads from the usage API. */
export async function fetchUsage(app: TestApp, person: Person, path: string) {
  const answer = await app.send('GET', `/api/v1/usage/${path}`, { token: person.token });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
}

/** A period around the clock's time. */
export function periodAround(app: TestApp, days = 20): string {
  const at = (ms: number) => `${new Date(ms).toISOString().slice(0, 13)}:00:00Z`;
  const span = days * 86_400_000;
  return `from=${at(app.clock.now() - span)}&to=${at(app.clock.now() + span)}`;
}

/** How long every connection of an organization lasted, read from the ledger's rows. */
export async function countConnectedMs(app: TestApp, organizationId: string) {
  const [rows] = await app.services.database.read(systemScope, (q) => [
    q
      .select({
        callId: callConnections.callId,
        joinedAt: callConnections.joinedAt,
        leftAt: callConnections.leftAt,
        connected: callConnections.connected,
        kind: callParticipants.kind,
      })
      .from(callConnections)
      .innerJoin(callParticipants, eq(callParticipants.id, callConnections.participantId))
      .where(eq(callConnections.organizationId, organizationId)),
  ]);
  const lasted = rows
    .filter(({ connected, leftAt }) => connected && leftAt !== null)
    .map(({ leftAt, joinedAt, ...row }) => ({
      ...row,
      joinedAt,
      ms: leftAt!.getTime() - joinedAt.getTime(),
    }));
  const sumBy = (keyOf: (row: (typeof lasted)[number]) => string) => {
    const sums = new Map<string, number>();
    for (const row of lasted) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.ms);
    return Object.fromEntries([...sums].filter(([, ms]) => ms > 0));
  };
  return {
    total: lasted.reduce((sum, { ms }) => sum + ms, 0),
    byCall: sumBy(({ callId }) => callId),
    byKind: sumBy(({ kind }) => kind),
    byHour: sumBy(({ joinedAt }) => `${joinedAt.toISOString().slice(0, 13)}:00:00.000Z`),
  };
}

/** Records minutes of a connection as the subscriber of the meter does; a higher version corrects what was recorded. */
export async function recordMinutes(
  app: TestApp,
  { organizationId }: Person,
  key: string,
  minutes: number,
  { version = 1, occurredAtMs = app.clock.now() }: { version?: number; occurredAtMs?: number } = {},
): Promise<void> {
  const fact = {
    key,
    occurredAtMs,
    quantity: Math.round(minutes * 60_000),
    version,
    dimensions: {},
    userId: null,
  };
  const [subscription] = createUsageSubscriptions([{ ...participantMinutes, read: async () => [fact] }]);
  const delivery = { id: 'evt_test.usage', eventId: 'evt_test', occurredAtMs: app.clock.now(), attempt: 1 };
  await runAsSystem(app.services, 'usage.test', organizationId, (ctx) =>
    subscription!.handle(ctx, {} as never, delivery),
  );
}

/** Adds minutes to what the plan includes, as operators do. @returns the id of the grant */
export async function grantMinutes(
  app: TestApp,
  { organizationId }: Person,
  minutes: number,
  term: { startsAt?: string; endsAt?: string } = {},
): Promise<string> {
  const path = `/api/v1/operator/organizations/${organizationId}/entitlement-grants`;
  const body = { kind: 'credit', name: 'participant_minutes', value: minutes, reason: 'Pilot', ...term };
  const answer = await app.send('POST', path, { token: app.operator, body });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id as string;
}

/** Ends a grant now, as operators do. */
export async function revokeGrant(app: TestApp, { organizationId }: Person, grantId: string): Promise<void> {
  const path = `/api/v1/operator/organizations/${organizationId}/entitlement-grants/${grantId}/revoke`;
  const answer = await app.send('POST', path, { token: app.operator, body: { reason: 'By mistake' } });
  expect(answer).toMatchObject({ status: 200, body: { status: 'revoked' } });
}

/** Puts the organization on a plan, as operators do. @returns the person with a token that states it */
export async function changePlan(app: TestApp, person: Person, plan: PlanName): Promise<Person> {
  const { organizationId, userId, sessionId, role } = person;
  const path = `/api/v1/operator/organizations/${organizationId}/plan`;
  const body = { plan, reason: 'test' };
  expect(await app.send('PUT', path, { token: app.operator, body })).toMatchObject({ status: 200 });
  const claims = { userId, sessionId, membership: { organizationId, role, plan } };
  return { ...person, token: await signAccessToken(app.services.signer, claims, 3600) };
}

/** Creates the meter `acme.documents` of the organization. */
export async function createDocumentsMeter(app: TestApp, { token }: Person): Promise<void> {
  const body = { name: 'acme.documents', unit: 'count', description: 'Documents.' };
  expect(await app.send('POST', '/api/v1/usage/meters', { token, body })).toMatchObject({ status: 201 });
}
