import type { Ctx } from '../../kernel/context/index.ts';
import { toDisplayText } from '../../platform/mail/index.ts';
import { selectPhoneCall } from '../phone-calls/index.ts';
import { failureMail, roomText, textOf, utcText } from './failure-mail.rules.ts';
import { selectPeopleConcerned } from './failure-notices.queries.ts';
import { mailOnce } from './mail-people.ts';

/** Mails the person who had a number called and the creator of the room that it failed: once in a call for each reason. */
export async function mailPhoneCallFailure(
  ctx: Ctx,
  { roomId, phoneCallId }: { roomId: string; phoneCallId: string },
): Promise<void> {
  const { organizationId } = ctx;
  const [[row]] = await ctx.read((q) => [selectPhoneCall(q, organizationId, roomId, phoneCallId)]);
  const isReported = row?.state === 'failed' && row.direction === 'out';
  const text = isReported ? textOf('phone_call', row.reason) : undefined;
  if (!row || text === undefined) return;
  const [people] = await ctx.read((q) => [selectPeopleConcerned(q, organizationId, row)]);
  const subjectId = `${row.callId}.${row.reason}`;
  await mailOnce(ctx, { people, subjectId, kind: 'phone_call' }, (person) =>
    failureMail(person.name, {
      subject: `Telephone call failed: ${toDisplayText(person.roomName)}`,
      failed: `A telephone call out of ${roomText(person)} failed at ${utcText(row.stateAt)}`,
      text,
      because: 'asked for the telephone call, or created the room',
    }),
  );
}
