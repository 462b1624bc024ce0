import { expect } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

/** An app whose clock stands on the tenth of a month, at noon. */
export function createAppInMidMonth(): TestApp {
  const app = createTestApp();
  const now = new Date(app.clock.now());
  const at = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 10, 12);
  app.clock.advanceSeconds((at - app.clock.now()) / 1000);
  return app;
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
    },
  },
});
