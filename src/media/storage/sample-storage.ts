import { type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { recordSample, selectUnsampledTotals } from './sample.queries.ts';
import { storageSampled } from './storage.events.ts';

const HOUR_MS = 3_600_000;
/** In each run; of more organizations the next runs within the hour sample the others. */
const MAX_SAMPLES_PER_RUN = 500;

/**
 * Scheduled every five minutes: measures the storage of each organization once an hour. An hour in which no run comes to one is not
 * counted: what was stored then is not known.
 */
export async function sampleStorage(services: Services): Promise<unknown> {
  const hour = new Date(Math.floor(services.clock.now() / HOUR_MS) * HOUR_MS);
  const [due] = await services.database.read(systemScope, (q) => [
    selectUnsampledTotals(q, hour, MAX_SAMPLES_PER_RUN),
  ]);
  const totals = due.map(({ total }) => total);
  return runSweep(services, 'storage.sample', totals, (ctx, total) => {
    const { sizeBytes: storedBytes, downloadedBytes } = total;
    return ctx.commit({
      write: (q) => [recordSample(q, total, hour)],
      events: [storageSampled.of({ hourStartsAt: hour.toISOString(), storedBytes, downloadedBytes })],
      result: undefined,
    });
  });
}
