import type { Ctx } from '../../kernel/context/index.ts';
import { isRefusal } from '../../kernel/core/index.ts';
import { readRoomAccess } from '../../rooms/access/index.ts';
import { asMember } from '../ask-authority/index.ts';
import {
  type MailRecipient,
  recipientsOf,
  selectAttendees,
  type WorkflowRun,
} from '../workflow-runs/index.ts';

/** Whether a private room is visible to a person depends on their own blocks, which only they may read. */
async function isShown(ctx: Ctx, { roomId }: WorkflowRun, { userId }: MailRecipient): Promise<boolean> {
  const person = await asMember(ctx, userId);
  if (!person) return false;
  try {
    const [{ relation }] = await readRoomAccess(person, { roomId });
    return relation === 'current';
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** The present recipients of the mail of a run. */
export async function readRecipients(
  ctx: Ctx,
  run: WorkflowRun,
  { isPrivate }: { isPrivate: boolean },
): Promise<readonly MailRecipient[]> {
  const [attendees] = await ctx.read((q) => [selectAttendees(q, ctx.organizationId, run)]);
  const recipients = recipientsOf(attendees);
  if (!isPrivate) return recipients;
  const shown = await Promise.all(recipients.map((each) => isShown(ctx, run, each)));
  return recipients.filter((_, at) => shown[at]);
}
