import type { Ctx } from '../../platform/context/index.ts';
import { type Page, pageOf, readCursor } from '../../platform/core/index.ts';
import { requirePerson } from '../contacts/index.ts';
import { ringErrors } from './ringing.errors.ts';
import { changeRing, findRing, listRingRows, ringOfTwo } from './ringing.queries.ts';
import { type Answer, answered, effectOf } from './ringing.rules.ts';
import type { RingQuery } from './ringing.schemas.ts';
import { tellRing } from './tell-ring.ts';
import type { RingOfTwo } from './tellings.rules.ts';

/** The caller's rings, newest first. */
export async function listRings(ctx: Ctx, { cursor, ...query }: RingQuery): Promise<Page<RingOfTwo>> {
  const personId = requirePerson(ctx.actor);
  const after = readCursor(cursor);
  const [rows] = await ctx.read((q) => [listRingRows(q, ctx.organizationId, personId, query, after)]);
  return pageOf(rows.map(ringOfTwo), query.limit, ({ ring }) => ring.id);
}

/** @throws AppError `ringing.not_found`, also for a ring between others and for one that the caller never heard of */
export async function getRing(ctx: Ctx, ringId: string): Promise<RingOfTwo> {
  const personId = requirePerson(ctx.actor);
  const [[found]] = await ctx.read((q) => [findRing(q, ctx.organizationId, ringId)]);
  if (!found) throw ringErrors.notFound();
  const { callerId, calleeId, unheard } = found.ring;
  const theirs = callerId === personId || (calleeId === personId && unheard !== 'blocked');
  if (!theirs) throw ringErrors.notFound();
  return ringOfTwo(found);
}

/**
 * Accepts, declines or cancels a ring. Of several who do so at once, one is first: the others are told that it is over.
 * @param connectionId the connection of the caller's inbox that does it, where known
 * @throws AppError `ringing.not_found`, `ringing.not_yours`, `ringing.over`, or `request.stale` when it ends meanwhile
 */
export async function answerRing(
  ctx: Ctx,
  ringId: string,
  answer: Answer,
  connectionId: string | undefined,
): Promise<RingOfTwo> {
  const personId = requirePerson(ctx.actor);
  const two = await getRing(ctx, ringId);
  const set = { ...answered(two.ring, personId, answer, ctx.clock.now()), endedBy: connectionId ?? null };
  const ring = { ...two.ring, ...set, version: two.ring.version + 1 };
  const result = await ctx.commit({
    write: (q) => [changeRing(q, two.ring, set)],
    effects: [effectOf(ring)],
    result: { ...two, ring },
  });
  ctx.after('ring.tell', () => tellRing(ctx, result));
  return result;
}
