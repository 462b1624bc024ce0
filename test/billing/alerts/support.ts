import { expect } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

/** An app whose clock stands on the tenth of a month, at noon. */
export function createAppInMidMonth(): TestApp {
  const app = createTestApp();
  const now = new Date(app.clock.now());
  const at = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 10, 12);
  app.clock.advanceSeconds((at - app.clock.now()) / 1000);
  return app;
}

/** The alerts of the organization, the oldest first; an event was written for each of them, and no other. */
export async function listAlerts({ organizationId }: Person) {
  const alerts = await ownerSql(
    `select meter, percent, quantity::float8 as quantity, period_starts_at::text as period_starts_at
     from usage_alerts where organization_id = $1
     order by reached_at, quantity`,
    [organizationId],
  );
  const events = await ownerSql(
    `select payload from outbox where organization_id = $1 and type = 'usage.threshold_reached' order by seq`,
    [organizationId],
  );
  const keys = (rows: Record<string, unknown>[]) =>
    rows.map(({ meter, percent, quantity }) => JSON.stringify([meter, percent, quantity])).toSorted();
  expect(keys(events.map(({ payload }) => payload as Record<string, unknown>))).toEqual(keys(alerts));
  return alerts as { meter: string; percent: number | null; quantity: number; period_starts_at: string }[];
}

/** How many minutes the thresholds of the alerts are. */
export const minutesOf = async (person: Person): Promise<number[]> =>
  (await listAlerts(person)).map(({ quantity }) => quantity / 60_000);

/** Sets the organization's own thresholds. */
export const setThresholds = (app: TestApp, { token }: Person, thresholds: unknown[]) =>
  app.send('PUT', '/api/v1/usage/alerts', { token, body: { thresholds } });
