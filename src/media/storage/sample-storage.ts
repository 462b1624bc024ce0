import { type Services, systemScope } from '../../kernel/context/index.ts';
import { isStale } from '../../kernel/core/index.ts';
import { runAsSystem } from '../../kernel/delivery/index.ts';
import { recordSamples, selectUnsampledTotals, type StorageTotal } from './sample.queries.ts';
import { storageSampled } from './storage.events.ts';

const HOUR_MS = 3_600_000;
/** Organizations that one commit measures. */
const SAMPLES_PER_COMMIT = 500;
/** Bounds the requests of a run: 100,000 organizations; of more the next run of the hour measures the others. */
const MAX_COMMITS_PER_RUN = 200;

const sampleOf = ({ organizationId, sizeBytes, downloadedBytes }: StorageTotal, hour: Date) => ({
  ...storageSampled.of({ hourStartsAt: hour.toISOString(), storedBytes: sizeBytes, downloadedBytes }),
  organizationId,
});

/** Measures these organizations, all or none: none when another run came to one of them at this moment. */
async function measureAll(services: Services, totals: readonly StorageTotal[], hour: Date): Promise<void> {
  try {
    await runAsSystem(services, 'storage.sample', null, (ctx) =>
      ctx.commit({
        write: (q) => [recordSamples(q, totals, hour)],
        events: totals.map((total) => sampleOf(total, hour)),
        result: undefined,
      }),
    );
  } catch (error) {
    if (!isStale(error)) throw error;
  }
}

/**
 * Scheduled every five minutes: measures the storage of each organization once an hour. An hour in which no run reached
 * an organization is not counted: its storage then is not known.
 */
export async function sampleStorage(services: Services): Promise<void> {
  const hour = new Date(Math.floor(services.clock.now() / HOUR_MS) * HOUR_MS);
  for (let commits = 0; commits < MAX_COMMITS_PER_RUN; commits++) {
    const [due] = await services.database.read(systemScope, (q) => [
      selectUnsampledTotals(q, hour, SAMPLES_PER_COMMIT),
    ]);
    if (due.length === 0) break;
    await measureAll(
      services,
      due.map(({ total }) => total),
      hour,
    );
  }
}
