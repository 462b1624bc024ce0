import { systemScope, type Services } from '../../kernel/context/index.ts';
import { sumUsageHours } from './record.queries.ts';

/** Hours in one transaction: they are locked until it ends. */
const BATCH = 200;
/** A run that has more to do leaves the rest to the next one; until then readers sum the rows. */
const MAX_BATCHES = 50;
/** After a failure, the number of hours in a batch is divided by this. */
const FEWER = 20;
/** Failures after which a run ends: each may have taken the time limit of a statement. */
const MAX_FAILURES = 4;

/** Hours that were computed, and the meters that changed. */
interface SummedHours {
  hours: number;
  changed: { organizationId: string; meter: string }[];
}

/**
 * Computes the hours in which usage was recorded again. An hour that cannot be computed does not stop others: a batch
 * has stale hours in random order, and few of them after a failure.
 * @throws the error of the database when no batch could be computed
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
