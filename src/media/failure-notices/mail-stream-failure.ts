import type { Ctx } from '../../kernel/context/index.ts';
import { toDisplayText } from '../../platform/mail/index.ts';
import { selectStream } from '../streams/index.ts';
import { failureMail, roomText, textOf, utcText } from './failure-mail.rules.ts';
import { selectPeopleConcerned } from './failure-notices.queries.ts';
import { mailPeople } from './mail-people.ts';

/** Mails the person who asked for a stream and the creator of the room that it failed or was lost. */
export async function mailStreamFailure(
  ctx: Ctx,
  { roomId, streamId }: { roomId: string; streamId: string },
): Promise<void> {
  const { organizationId } = ctx;
  const [[row]] = await ctx.read((q) => [selectStream(q, organizationId, roomId, streamId)]);
  const text = row && ['failed', 'lost'].includes(row.state) ? textOf('stream', row.reason) : undefined;
  if (!row || text === undefined) return;
  const [people] = await ctx.read((q) => [selectPeopleConcerned(q, organizationId, row)]);
  await mailPeople(ctx, { people, subjectId: row.id, kind: 'stream' }, (person) =>
    failureMail(person.name, {
      subject: `Live stream failed: ${toDisplayText(person.roomName)}`,
      failed: `The live stream of ${roomText(person)}, which was asked for at ${utcText(row.createdAt)}, failed`,
      text,
      because: 'asked for the stream, or created the room',
    }),
  );
}
