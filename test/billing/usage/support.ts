import { expect } from 'vitest';
import { callConnections, callParticipants } from '../../../src/calls/calls/calls.tables.ts';
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
