import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { publishEach } from '../../kernel/delivery/index.ts';
import { advanceRecording } from './advance-recording.ts';
import { recordingFollowed } from './recordings.events.ts';
import { selectOpenRecordings, selectRecordingsWithConsent } from './recordings.queries.ts';

/** Advances the recordings of a call that need consent, after somebody answered, or left without an answer. */
export async function followConsent(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectRecordingsWithConsent(q, ctx.organizationId, callId)]);
  for (const { id } of due) await advanceRecording(ctx, id);
}

/** Advances the open recordings of a call, each in the name of its organization, after a report of the cluster. */
export async function followReports(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectOpenRecordings(q, callId)], systemScope);
  await publishEach(ctx, due, (recordingId) => recordingFollowed.of({ recordingId }));
}
