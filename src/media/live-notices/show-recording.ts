import type { Ctx } from '../../kernel/context/index.ts';
import { type LiveCommand, publicIdentity } from '../../realtime/protocol/index.ts';
import { isRunning, type Recording, selectRecordingById } from '../recordings/index.ts';

/** A recording as the live room shows it. */
function recordingCommand(row: Recording): LiveCommand {
  const {
    id: recordingId,
    kind,
    subject,
    state,
    startedAt,
    createdAt,
    requestedBy,
    consentDueAt,
    version,
    updatedAt,
  } = row;
  const header = { key: `recording/${recordingId}/${version}`, atMs: updatedAt.getTime() };
  if (!isRunning(state))
    return {
      type: 'recording.over',
      ...header,
      recording: { recordingId },
      failed: ['failed', 'lost'].includes(state),
    };
  const by = publicIdentity(requestedBy);
  const active = state === 'active';
  const since = ((active ? startedAt : null) ?? createdAt).toISOString();
  return {
    type: 'recording.running',
    ...header,
    recording: {
      recordingId,
      kind,
      subject: subject || null,
      by,
      consent: consentDueAt ? 'required' : 'notice',
      active,
      since,
    },
  };
}

/** Shows everybody in the room that a recording runs, is about to begin, or is over. */
export async function showRecording(
  ctx: Ctx,
  { roomId, recordingId }: { roomId: string; recordingId: string },
): Promise<void> {
  const [[row]] = await ctx.read((q) => [selectRecordingById(q, ctx.organizationId, recordingId)]);
  if (row) await ctx.ports.liveRooms.apply(roomId, [recordingCommand(row)]);
}
