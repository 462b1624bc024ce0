import { systemScope, type Services } from '../../kernel/context/index.ts';
import { sumCostDays } from './cost-days.queries.ts';

/** Days in one transaction: they are locked until it ends. */
const BATCH = 200;
/** A run that has more to do leaves the rest to the next one; until then readers sum the lines. */
const MAX_BATCHES = 50;

/** Scheduled each minute: computes the days again in which cost lines were written. @returns how many */
export async function sumCosts({ database }: Pick<Services, 'database'>): Promise<{ days: number }> {
  let days = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    // The function may run twice: it computes from the lines.
    const [{ rows }] = await database.read(systemScope, (q) => [sumCostDays(q, BATCH)]);
    const { summed } = rows[0]!;
    days += summed;
    if (summed < BATCH) break;
  }
  return { days };
}
