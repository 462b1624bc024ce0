import type { Ctx } from '../../kernel/context/index.ts';
import { selectRecordingById } from '../recordings/index.ts';
import { failureMail, isReported } from './failure-mail.rules.ts';
import { mailPeople } from './mail-people.ts';
import { selectPeopleConcerned } from './recording-notices.queries.ts';

/**
 * Mails the person who asked for a recording and the creator of the room that it failed or was lost, as long as they are members
 * with a confirmed address. Neither gets a second mail by a repeated delivery, nor by the event that its file is to be deleted.
 */
export async function mailFailure(ctx: Ctx, { recordingId }: { recordingId: string }): Promise<void> {
  const { organizationId } = ctx;
  const [[row]] = await ctx.read((q) => [selectRecordingById(q, organizationId, recordingId)]);
  // A recording that is being deleted failed earlier, and was mailed then.
  if (!row || row.deleteRequestedAt || !['failed', 'lost'].includes(row.state)) return;
  const { id: subjectId, reason, createdAt: startedAt } = row;
  if (!isReported(reason)) return;
  const [people] = await ctx.read((q) => [selectPeopleConcerned(q, organizationId, row)]);
  await mailPeople(ctx, { people, subjectId, kind: 'recording' }, (person) =>
    failureMail(reason, { ...person, startedAt }),
  );
}
