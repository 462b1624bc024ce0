import type { Ctx } from '../../kernel/context/index.ts';
import { serverErrors, withTimeout } from '../../kernel/core/index.ts';
import {
  isModeratorRole,
  requireAdmitted,
  requireRoomAccess,
  type RoomAccessRequest,
} from '../access/index.ts';
import { selectRosterSeats } from './moderation.queries.ts';
import { mergeRoster } from './roster.rules.ts';
import type { RosterView } from './roster.schemas.ts';

const SOURCE_TIMEOUT_MS = 3_000;
/** How far the ledger may be behind the cluster. */
const LEDGER_LAG_MS = 120_000;

/** The answer of a source; null when it fails or is late. */
async function readSource<T>(ctx: Ctx, source: string, work: Promise<T>): Promise<T | null> {
  try {
    return await withTimeout(work, SOURCE_TIMEOUT_MS, () =>
      serverErrors.unavailable({ detail: `${source} is late` }),
    );
  } catch (error) {
    ctx.log.warn('roster.source_missing', { source, error });
    return null;
  }
}

/**
 * The people in the room at this moment: those connected to media, by the cluster, and those with a socket, by the
 * live room. A source that does not answer in time is named in the answer. Observers are listed for moderators only.
 * @throws AppError `rooms.not_found`, `rooms.removed` or `rooms.denied`
 */
export async function readRoster(ctx: Ctx, request: RoomAccessRequest): Promise<RosterView> {
  const { roomId } = request;
  const [roomAccess, seats] = await requireRoomAccess(ctx, request, (q) => [
    selectRosterSeats(q, ctx.organizationId, roomId, new Date(ctx.clock.now() - LEDGER_LAG_MS)),
  ]);
  const { room, call, role } = requireAdmitted(roomAccess);
  const [media, live] = await Promise.all([
    call
      ? readSource(ctx, 'media', ctx.ports.clusters.api(call.cluster, ctx.trace).listParticipants(call.id))
      : Promise.resolve([]),
    readSource(ctx, 'live', ctx.ports.liveRooms.roster(roomId)),
  ]);
  const people = mergeRoster({ seats, media, live });
  return {
    callId: call?.id ?? null,
    data: isModeratorRole(role) ? people : people.filter((each) => each.role !== 'observer'),
    locked: room.locked,
    spotlight: live?.spotlight ?? null,
    missing: [...(media ? [] : (['media'] as const)), ...(live ? [] : (['live'] as const))],
  };
}
