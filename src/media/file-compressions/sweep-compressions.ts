import { type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { selectQuietCompressions } from './file-compressions.queries.ts';

const QUIET_MS = 15 * 60_000;
const COMPRESSIONS_PER_RUN = 200;

/** Scheduled each quarter of an hour: wakes compressions that have not changed for as long, whatever of their events and alarms was lost. */
export async function sweepCompressions(services: Services): Promise<SweepOutcome> {
  const before = new Date(services.clock.now() - QUIET_MS);
  const [quiet] = await services.database.read(systemScope, (q) => [
    selectQuietCompressions(q, before, COMPRESSIONS_PER_RUN),
  ]);
  return runSweep(services, 'compression.sweep', quiet, ({ ports }, { id: compressionId, organizationId }) =>
    ports.fileCompressors.wake({ organizationId, compressionId }),
  );
}
