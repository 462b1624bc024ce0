import type { Ctx } from '../../kernel/context/index.ts';
import { mailPeople, selectPeopleConcerned } from '../recording-notices/index.ts';
import { selectStream } from '../streams/index.ts';
import { failureMail, isReported } from './failure-mail.rules.ts';

/**
 * Mails the person who asked for a stream and the creator of the room that it failed or was lost, as long as they are members with
 * a confirmed address.
 */
export async function mailFailure(
  ctx: Ctx,
  { roomId, streamId }: { roomId: string; streamId: string },
): Promise<void> {
  const { organizationId } = ctx;
  const [[row]] = await ctx.read((q) => [selectStream(q, organizationId, roomId, streamId)]);
  if (!row || !['failed', 'lost'].includes(row.state)) return;
  const { id: subjectId, reason, createdAt: startedAt } = row;
  if (!isReported(reason)) return;
  const [people] = await ctx.read((q) => [selectPeopleConcerned(q, organizationId, row)]);
  await mailPeople(ctx, { people, subjectId, kind: 'stream' }, (person) =>
    failureMail(reason, { ...person, startedAt }),
  );
}
