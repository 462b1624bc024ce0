import { type Services, systemScope } from '../../kernel/context/index.ts';
import { isStale, runConcurrently } from '../../kernel/core/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { advanceRecording } from './advance-recording.ts';
import type { Recording } from './recordings.tables.ts';
import { selectObjectsToSweep } from './sweep-recordings.queries.ts';

const OBJECTS_PER_RUN = { perOrganization: 20, limit: 200 };
/** A bucket that does not answer takes ten seconds of each failure. */
const MAX_FAILURES = 3;
/** A Worker has six connections for all of its work. */
const CONCURRENT_ORGANIZATIONS = 5;

/** Takes the recordings of one organization further, until its buckets have failed for a few of them. */
function sweepOrganization(
  services: Services,
  due: readonly Pick<Recording, 'id' | 'organizationId'>[],
): Promise<SweepOutcome> {
  let failures = 0;
  return runSweep(services, 'recordings.sweep_objects', due, async (ctx, { id }) => {
    if (failures >= MAX_FAILURES) return false;
    try {
      return await advanceRecording(ctx, id);
    } catch (error) {
      if (!isStale(error)) failures++;
      throw error;
    }
  });
}

/**
 * Scheduled each minute: verifies and deletes the objects of recordings, for several organizations at once, so that a bucket
 * that hangs keeps those of no other organization waiting.
 */
export async function sweepObjects(services: Services): Promise<SweepOutcome> {
  const [due] = await services.database.read(systemScope, (q) => [
    selectObjectsToSweep(q, new Date(services.clock.now()), OBJECTS_PER_RUN),
  ]);
  const outcome: SweepOutcome = { done: 0, failed: 0 };
  const dueOfEach = [...Map.groupBy(due, ({ organizationId }) => organizationId).values()];
  await runConcurrently(dueOfEach, CONCURRENT_ORGANIZATIONS, async (dueOfOne) => {
    const { done, failed } = await sweepOrganization(services, dueOfOne);
    outcome.done += done;
    outcome.failed += failed;
  });
  return outcome;
}
