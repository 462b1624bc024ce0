import type { Ctx } from '../../kernel/context/index.ts';
import type { CheckedLine } from './answer.rules.ts';
import { selectCaptionsToCheck, selectMessagesToCheck } from './moderation-checks.queries.ts';
import { captionSubject, type CheckedSubject, messageSubject } from './subjects.rules.ts';

/** The messages in their present state. */
export async function findMessages(
  ctx: Ctx,
  roomId: string,
  messageIds: readonly string[],
): Promise<CheckedSubject[]> {
  if (messageIds.length === 0) return [];
  const [rows] = await ctx.read((q) => [selectMessagesToCheck(q, ctx.organizationId, roomId, messageIds)]);
  return rows.map(messageSubject);
}

/** The captions, as the transcript has them now. */
export async function findCaptions(
  ctx: Ctx,
  transcriptionId: string,
  positions: readonly number[],
): Promise<CheckedSubject[]> {
  const [rows] = await ctx.read((q) => [
    selectCaptionsToCheck(q, ctx.organizationId, transcriptionId, positions),
  ]);
  return rows.map(captionSubject);
}

/** The subjects of a check's lines that still have the words that the model was given. */
export async function findUnchanged(
  ctx: Ctx,
  roomId: string,
  lines: readonly CheckedLine[],
): Promise<CheckedSubject[]> {
  const keys = new Set(lines.map(({ key }) => key));
  const messages = lines.flatMap(({ kind, id }) => (kind === 'chat' ? id : []));
  const found = await findMessages(ctx, roomId, messages);
  const transcripts = Map.groupBy(
    lines.filter(({ kind }) => kind === 'caption'),
    ({ id }) => id,
  );
  for (const [id, spoken] of transcripts)
    found.push(
      ...(await findCaptions(
        ctx,
        id,
        spoken.map(({ position }) => position ?? 0),
      )),
    );
  return found.filter(({ subjectKey }) => keys.has(subjectKey));
}
