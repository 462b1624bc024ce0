import type { ClusterRecording } from '../../calls/clusters/index.ts';
import { type Services, systemScope } from '../../kernel/context/index.ts';
import { isStale, runConcurrently } from '../../kernel/core/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { type ClusterSweep, stopStrays } from '../egress/index.ts';
import {
  advanceRecording,
  isOver,
  type Recording,
  recordingIdsIn,
  type RecordingState,
} from '../recordings/index.ts';
import { selectEgresses, selectObjectsToSweep, selectRecordingsToSweep } from './recording-sweeps.queries.ts';

const RECORDINGS_PER_RUN = 500;

/** Scheduled each minute: advances every recording at a cluster. `sweepObjects` asks the buckets, which may hang. */
export async function sweepRecordings(services: Services): Promise<SweepOutcome> {
  const [due] = await services.database.read(systemScope, (q) => [
    selectRecordingsToSweep(q, new Date(services.clock.now()), RECORDINGS_PER_RUN),
  ]);
  return runSweep(services, 'recordings.sweep', due, (ctx, { id }) => advanceRecording(ctx, id));
}

/** Limit of the bytes read for checksums: a run of scheduled tasks has 30 seconds of processor time in all. */
const MOST_READ_BYTES = 4 * 1024 ** 3;
const OBJECTS_PER_RUN = { perOrganization: 20, limit: 200 };
/** A bucket that does not answer takes ten seconds of each failure. */
const MAX_FAILURES = 3;
/** A Worker has six connections for all of its work. */
const CONCURRENT_ORGANIZATIONS = 5;

/** Advances the recordings of one organization, until its buckets have failed for a few of them. */
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
 * Scheduled each minute: verifies and deletes the objects of recordings, for several organizations at once, so that a
 * bucket that hangs delays no other organization.
 */
export async function sweepObjects(services: Services): Promise<SweepOutcome> {
  const [due] = await services.database.read(systemScope, (q) => [
    selectObjectsToSweep(q, new Date(services.clock.now()), OBJECTS_PER_RUN),
  ]);
  let bytes = 0;
  const affordable = due.filter(
    ({ bytesToRead }) => bytesToRead === 0 || (bytes += bytesToRead) <= MOST_READ_BYTES,
  );
  const outcome: SweepOutcome = { done: 0, failed: 0 };
  const dueOfEach = [...Map.groupBy(affordable, ({ organizationId }) => organizationId).values()];
  await runConcurrently(dueOfEach, CONCURRENT_ORGANIZATIONS, async (dueOfOne) => {
    const { done, failed } = await sweepOrganization(services, dueOfOne);
    outcome.done += done;
    outcome.failed += failed;
  });
  return outcome;
}

/**
 * Scheduled each minute: stops recordings at a cluster that the product has no row for. Recordings of others at the
 * same cluster are left alone.
 */
export const sweepClusters = (services: Services): Promise<ClusterSweep[]> =>
  stopStrays<ClusterRecording>(services, {
    name: 'recordings',
    api: (cluster) => services.ports.clusters.recorders(cluster),
    idsIn: recordingIdsIn,
    readRows: async (ids) => {
      const [rows] = await services.database.read(systemScope, (q) => [selectEgresses(q, ids)]);
      return rows;
    },
    isOver: (state) => isOver(state as RecordingState),
  });
