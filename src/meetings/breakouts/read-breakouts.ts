import type { Ctx } from '../../platform/context/index.ts';
import { type Page, type PageQuery, pageOf, readCursor } from '../../platform/core/index.ts';
import { findStanding } from '../lobby/index.ts';
import { identityAt, type Place, requireWelcome, type Standing, standingOf } from '../moderation/index.ts';
import { requireReach } from '../rooms/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { readDivision, readDivisions } from './breakouts.queries.ts';
import { divisionsOf, type StoredDivision } from './breakouts.rules.ts';

/** @throws AppError `rooms.not_found`, `rooms.removed`, `rooms.denied` or `breakouts.not_found` */
export async function getBreakouts(
  ctx: Ctx,
  place: Place,
  breakoutId: string,
): Promise<{ standing: Standing; division: StoredDivision }> {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const [[row], ...whole] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, identityAt(ctx.actor, place)),
    ...readDivision(q, ctx.organizationId, roomId, breakoutId),
  ]);
  const standing = requireWelcome(standingOf(ctx.actor, place, row));
  const [division] = divisionsOf(whole);
  if (!division) throw breakoutErrors.notFound();
  return { standing, division };
}

/** The times that a room was divided, the newest first. @throws AppError `rooms.not_found` or `rooms.removed` */
export async function listBreakouts(
  ctx: Ctx,
  place: Place,
  { limit, cursor }: PageQuery,
): Promise<Page<StoredDivision>> {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const before = readCursor(cursor);
  const [[row], ...whole] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, identityAt(ctx.actor, place)),
    ...readDivisions(q, ctx.organizationId, roomId, before, limit + 1),
  ]);
  requireWelcome(standingOf(ctx.actor, place, row));
  return pageOf(divisionsOf(whole), limit, ({ breakout }) => breakout.id);
}
