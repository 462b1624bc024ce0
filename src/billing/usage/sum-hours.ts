import { systemScope, type Services } from '../../kernel/context/index.ts';
import { sumUsageHours } from './record.queries.ts';

/** Hours in one transaction: they are locked until it ends. */
const BATCH = 200;
/** A run that has more to do leaves the rest to the next one; until then readers sum the rows. */
const MAX_BATCHES = 50;

/** Computes the hours in which usage was recorded again. @returns how many hours, and which meters have changed */
export async function sumHours(
  services: Pick<Services, 'database'>,
): Promise<{ hours: number; changed: { organizationId: string; meter: string }[] }> {
  const changed = new Map<string, { organizationId: string; meter: string }>();
  let hours = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    // The function may run twice: it computes from the rows.
    const [{ rows }] = await services.database.read(systemScope, (q) => [sumUsageHours(q, BATCH)]);
    hours += rows.length;
    for (const row of rows) changed.set(`${row.organizationId} ${row.meter}`, row);
    if (rows.length < BATCH) break;
  }
  return { hours, changed: [...changed.values()] };
}
