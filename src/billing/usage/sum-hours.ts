import { systemScope, type Services } from '../../kernel/context/index.ts';
import { sumUsageHours } from './record.queries.ts';

/** Hours in one transaction: they are locked until it ends. */
const BATCH = 200;
/** A run that has more to do leaves the rest to the next one; until then readers sum the rows. */
const MAX_BATCHES = 50;
/** A batch that fails is followed by batches with so many times fewer hours. */
const FEWER = 20;
/** After so many failures a run ends: each may have taken as long as a statement may. */
const MAX_FAILURES = 4;

/** Hours that were computed, and the meters that have changed with them. */
interface SummedHours {
  hours: number;
  changed: { organizationId: string; meter: string }[];
}

/**
 * Computes the hours in which usage was recorded again. An hour that cannot be computed stops no other: a batch holds stale hours in
 * no order, and after a failure few of them.
 * @throws what the database threw when no batch could be computed
 */
export async function sumHours({ database, log }: Pick<Services, 'database' | 'log'>): Promise<SummedHours> {
  const changed = new Map<string, SummedHours['changed'][number]>();
  let hours = 0;
  let most = BATCH;
  const failures: unknown[] = [];
  for (let batch = 0; batch < MAX_BATCHES && failures.length < MAX_FAILURES; batch++) {
    try {
      // The function may run twice: it computes from the rows.
      const [{ rows }] = await database.read(systemScope, (q) => [sumUsageHours(q, most)]);
      hours += rows.length;
      for (const row of rows) changed.set(`${row.organizationId} ${row.meter}`, row);
      if (rows.length < most) break;
    } catch (error) {
      failures.push(error);
      most = Math.ceil(most / FEWER);
    }
  }
  if (failures.length > 0 && hours === 0) throw failures[0];
  if (failures.length > 0) log.warn('usage.hours_failed', { hours, error: failures[0] });
  return { hours, changed: [...changed.values()] };
}
