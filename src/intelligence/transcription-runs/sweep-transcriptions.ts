import { type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { selectQuietTranscriptions, transcriptionAdvanced } from '../transcripts/index.ts';

/** Longer than a run takes between two commits. */
const QUIET_MS = 2 * 60_000;
const TRANSCRIPTIONS_PER_RUN = 200;

/**
 * Scheduled every two minutes: resumes transcriptions that stopped because the service was not available or an event
 * was lost.
 */
export async function sweepTranscriptions(services: Services): Promise<SweepOutcome> {
  const before = new Date(services.clock.now() - QUIET_MS);
  const [quiet] = await services.database.read(systemScope, (q) => [
    selectQuietTranscriptions(q, before, TRANSCRIPTIONS_PER_RUN),
  ]);
  return runSweep(services, 'transcription.sweep', quiet, (ctx, { id: transcriptionId }) =>
    ctx.commit({
      write: () => [],
      events: [transcriptionAdvanced.of({ transcriptionId })],
      result: undefined,
    }),
  );
}
