import type { Ctx } from '../../platform/context/index.ts';
import { serverErrors, within } from '../../platform/core/index.ts';
import { findStanding } from '../lobby/index.ts';
import { identityAt, type Place, requireWelcome, standingOf } from '../moderation/index.ts';
import { isModerating, requireReach, roomErrors, viewerOf } from '../rooms/index.ts';
import { findSeen, listSeats } from './roster.queries.ts';
import { mergeRoster } from './roster.rules.ts';
import type { RosterView } from './roster.schemas.ts';

const PATIENCE_MS = 3_000;
/** The ledger may be so far behind the cluster. */
const LEDGER_LAG_MS = 120_000;

/** What a source says; null when it does not in time. */
async function ask<T>(ctx: Ctx, source: string, work: Promise<T>): Promise<T | null> {
  try {
    return await within(work, PATIENCE_MS, () => serverErrors.unavailable({ detail: `${source} is late` }));
  } catch (error) {
    ctx.log.warn('roster.source_missing', { source, error });
    return null;
  }
}

/**
 * Who is in the room at this moment: by the cluster's list of who is connected to media, and by the live room's of who
 * has a socket. Of a source that does not answer in time it is said that it is missing. Observers are shown to who
 * moderates.
 * @throws AppError `rooms.not_found`, `rooms.removed` or `rooms.denied`
 */
export async function readRoster(ctx: Ctx, place: Place): Promise<RosterView> {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const [[row], [seen], seats] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, identityAt(ctx.actor, place)),
    findSeen(q, ctx.organizationId, roomId, place.as ? null : viewerOf(ctx.actor)),
    listSeats(q, ctx.organizationId, roomId, new Date(ctx.clock.now() - LEDGER_LAG_MS)),
  ]);
  if (!seen) throw roomErrors.notFound();
  const { room, call, role } = requireWelcome(standingOf(ctx.actor, place, row));
  const [media, live] = await Promise.all([
    call
      ? ask(ctx, 'media', ctx.ports.clusters.api(call.cluster, ctx.trace).listParticipants(call.id))
      : Promise.resolve([]),
    ask(ctx, 'live', ctx.ports.liveRooms.roster(roomId)),
  ]);
  const everybody = mergeRoster({ seats, media, live });
  return {
    callId: call?.id ?? null,
    data: isModerating(role) ? everybody : everybody.filter((each) => each.role !== 'observer'),
    locked: room.locked,
    spotlight: live?.spotlight ?? null,
    missing: [...(media ? [] : (['media'] as const)), ...(live ? [] : (['live'] as const))],
  };
}
