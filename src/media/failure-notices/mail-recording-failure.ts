import type { Ctx } from '../../kernel/context/index.ts';
import { toDisplayText } from '../../platform/mail/index.ts';
import { selectRecordingById } from '../recordings/index.ts';
import { failureMail, roomText, textOf, utcText } from './failure-mail.rules.ts';
import { selectPeopleConcerned } from './failure-notices.queries.ts';
import { mailPeople } from './mail-people.ts';

/**
 * Mails the person who asked for a recording and the creator of the room that it failed or was lost. Neither gets a second
 * mail by a repeated delivery, nor by the event that its file is to be deleted.
 */
export async function mailRecordingFailure(
  ctx: Ctx,
  { recordingId }: { recordingId: string },
): Promise<void> {
  const { organizationId } = ctx;
  const [[row]] = await ctx.read((q) => [selectRecordingById(q, organizationId, recordingId)]);
  // A recording that is being deleted failed earlier, and was mailed then.
  if (!row || row.deleteRequestedAt || !['failed', 'lost'].includes(row.state)) return;
  const text = textOf('recording', row.reason);
  if (text === undefined) return;
  const [people] = await ctx.read((q) => [selectPeopleConcerned(q, organizationId, row)]);
  await mailPeople(ctx, { people, subjectId: row.id, kind: 'recording' }, (person) =>
    failureMail(person.name, {
      subject: `Recording failed: ${toDisplayText(person.roomName)}`,
      failed: `The recording of ${roomText(person)}, which was asked for at ${utcText(row.createdAt)}, failed`,
      text,
      because: 'asked for the recording, or created the room',
    }),
  );
}
