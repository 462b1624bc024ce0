import { expect } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

/** An app whose clock stands on the tenth of a month, at noon. */
export function createAppInMidMonth(): TestApp {
  const app = createTestApp();
  toMidMonth(app);
  return app;
}

/** Moves the clock to the tenth of the next month, at noon. */
export function toMidMonth(app: TestApp): void {
  const now = new Date(app.clock.now());
  const at = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 10, 12);
  app.clock.advanceSeconds((at - app.clock.now()) / 1000);
}

/** Asks to join the room. */
export const join = (app: TestApp, { token }: Pick<Person, 'token'>, roomId: string) =>
  app.send('POST', `/api/v1/rooms/${roomId}/token`, { token, body: {} });

/** A room of the person. @returns its id */
export async function createRoom(app: TestApp, { token }: Person): Promise<string> {
  const answer = await app.send('POST', '/api/v1/rooms', { token, body: { name: 'Other' } });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id as string;
}

/** The answer to somebody who would need minutes when there are none. */
export const minutesRefusal = (used: number, value = 1_000) => ({
  status: 402,
  body: {
    code: 'billing.limit_reached',
    limit: {
      name: 'participant_minutes',
      plan: 'free',
      value,
      used,
      left: 0,
      plans: '/api/v1/billing/plans',
      remedy: 'larger_plan',
    },
  },
});

/**
 * Adds to a call with a participant connections of an hour each that have ended: in the ledger, and not as recorded usage.
 * @param count connections, each as long ago as the others
 */
export async function addEndedConnections(callId: string, count: number): Promise<void> {
  await ownerSql(
    `insert into call_connections (organization_id, call_id, sid, participant_id, name, joined, joined_at, "left", left_at,
       connected, evidence, version)
     select organization_id, call_id, sid || n, participant_id, name, joined, joined_at - interval '2 hours', joined,
       joined_at - interval '1 hour', true, evidence, version
     from call_connections, generate_series(1, $2) n where call_id = $1`,
    [callId, count],
  );
}
