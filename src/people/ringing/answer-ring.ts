import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, readCursor } from '../../kernel/core/index.ts';
import { requirePerson } from '../contacts/index.ts';
import { buildRingEvent } from './ringing.events.ts';
import { ringErrors } from './ringing.errors.ts';
import { changeRing, selectRing, selectRings, toRingDetails } from './ringing.queries.ts';
import { type RingAnswer, decideRingEnd } from './ringing.rules.ts';
import type { RingQuery } from './ringing.schemas.ts';
import { mustHaveOpenRoom } from './rings-to-cancel.queries.ts';
import { notifyRing } from './notify-ring.ts';
import type { RingDetails } from './inbox-events.rules.ts';

/** Lists the rings that the current user started or received, newest first. */
export async function listRings(ctx: Ctx, { cursor, ...query }: RingQuery): Promise<Page<RingDetails>> {
  const personId = requirePerson(ctx.actor);
  const after = readCursor(cursor);
  const [rows] = await ctx.read((q) => [selectRings(q, ctx.organizationId, personId, query, after)]);
  return pageOf(rows.map(toRingDetails), query.limit, ({ ring }) => ring.id);
}

/** @throws AppError `ringing.not_found`, also for a ring between others and for one from a blocked caller */
export async function getRing(ctx: Ctx, ringId: string): Promise<RingDetails> {
  const personId = requirePerson(ctx.actor);
  const [[found]] = await ctx.read((q) => [selectRing(q, ctx.organizationId, ringId)]);
  if (!found) throw ringErrors.notFound();
  const { callerId, calleeId, unheard } = found.ring;
  const isVisible = callerId === personId || (calleeId === personId && unheard !== 'blocked');
  if (!isVisible) throw ringErrors.notFound();
  return toRingDetails(found);
}

/**
 * Accepts, declines or cancels a ring. If several devices answer at the same time, the first wins and the others get
 * `ringing.over`.
 * @param connectionId the inbox connection of the answering device, where known
 * @throws AppError `ringing.not_found`, `ringing.not_yours`, `ringing.over`, or `request.stale` when it ended meanwhile
 */
export async function answerRing(
  ctx: Ctx,
  ringId: string,
  answer: RingAnswer,
  connectionId: string | undefined,
): Promise<RingDetails> {
  const personId = requirePerson(ctx.actor);
  const details = await getRing(ctx, ringId);
  const set = {
    ...decideRingEnd(details.ring, personId, answer, ctx.clock.now()),
    endedBy: connectionId ?? null,
  };
  const ring = { ...details.ring, ...set, version: details.ring.version + 1 };
  const result = await ctx.commit({
    write: (q) => [
      ...(answer === 'accepted' ? [mustHaveOpenRoom(q, details.ring)] : []),
      changeRing(q, details.ring, set),
    ],
    events: [buildRingEvent(ring)],
    result: { ...details, ring },
  });
  ctx.after('ring.notify', () => notifyRing(ctx, result));
  return result;
}
