import type { Ctx } from '../../kernel/context/index.ts';
import { toDisplayText } from '../../platform/mail/index.ts';
import { selectIngress } from '../ingresses/index.ts';
import { failureMail, roomText, textOf, utcText } from './failure-mail.rules.ts';
import { selectPeopleConcerned } from './failure-notices.queries.ts';
import { mailOnce } from './mail-people.ts';

/** Mails the person who created an ingress and the creator of the room that it failed: once in a call, outside of calls once a day. */
export async function mailIngressFailure(
  ctx: Ctx,
  { roomId, ingressId }: { roomId: string; ingressId: string },
): Promise<void> {
  const { organizationId } = ctx;
  const [[row]] = await ctx.read((q) => [selectIngress(q, organizationId, roomId, ingressId)]);
  const text = row?.state === 'failed' ? textOf('ingress', row.reason) : undefined;
  if (!row || text === undefined) return;
  const { createdBy: requestedBy, callId, stateAt: at, name } = row;
  const [people] = await ctx.read((q) => [selectPeopleConcerned(q, organizationId, { roomId, requestedBy })]);
  const subjectId = `${ingressId}.${callId ?? at.toISOString().slice(0, 10)}`;
  await mailOnce(ctx, { people, subjectId, kind: 'ingress' }, (person) =>
    failureMail(person.name, {
      subject: `Stream into the room failed: ${toDisplayText(person.roomName)}`,
      failed: `The stream "${toDisplayText(name)}" into ${roomText(person)} failed at ${utcText(at)}`,
      text,
      because: 'created it, or the room',
    }),
  );
}
