import { type Ctx, type Services, systemScope, systemScopeOf } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { advanceRecording } from './advance-recording.ts';
import { recordingFollowed } from './recordings.events.ts';
import { selectOpenRecordings, selectRecordingsWithConsent } from './recordings.queries.ts';
import { selectRecordingsToSweep } from './sweep-recordings.queries.ts';

const RECORDINGS_PER_RUN = 500;

/** Scheduled each minute: takes every recording at a cluster as far as it can go. `sweepObjects` asks the buckets, which may hang. */
export async function sweepRecordings(services: Services): Promise<SweepOutcome> {
  const [due] = await services.database.read(systemScope, (q) => [
    selectRecordingsToSweep(q, new Date(services.clock.now()), RECORDINGS_PER_RUN),
  ]);
  return runSweep(services, 'recordings.sweep', due, (ctx, { id }) => advanceRecording(ctx, id));
}

/** Has the recordings of a call looked at that need consent, after somebody answered, or left without an answer. */
export async function followConsent(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectRecordingsWithConsent(q, ctx.organizationId, callId)]);
  for (const { id } of due) await advanceRecording(ctx, id);
}

/** Has the open recordings of a call looked at, each in the name of its organization, after the cluster reported on them. */
export async function followReports(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectOpenRecordings(q, callId)], systemScope);
  const [first] = due;
  if (!first) return;
  await ctx.commit({
    scope: systemScopeOf(first.organizationId),
    write: () => [],
    events: due.map(({ id: recordingId }) => recordingFollowed.of({ recordingId })),
    result: undefined,
  });
}
