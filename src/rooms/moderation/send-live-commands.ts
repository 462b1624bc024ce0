import type { Ctx } from '../../kernel/context/index.ts';
import { serverErrors, utf8, withTimeout } from '../../kernel/core/index.ts';
import { selectRoomAccess } from '../lobby/index.ts';
import { type LiveCommand, liveCommandsIssued, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { requireGuestOfRoom } from '../rooms/index.ts';
import { selectTarget, selectTargets } from './moderation.queries.ts';
import {
  requesterIdentity,
  type RoomAccessRequest,
  requireModerator,
  requireTarget,
  publicIdentity,
  type RoomAccess,
  roomAccessOf,
} from './moderation.rules.ts';
import { moderationErrors } from './moderation.errors.ts';
import type { DataSentView, SendData } from './moderation.schemas.ts';

const SEND_TIMEOUT_MS = 3_000;

/** Who asks, and the participant it is about, if any. */
async function readModeratorAndTarget(ctx: Ctx, request: RoomAccessRequest, participantId: string | null) {
  const { roomId } = request;
  requireGuestOfRoom(ctx.actor, roomId);
  const [[row], [target]] = await ctx.read((q) => [
    selectRoomAccess(q, ctx.organizationId, roomId, requesterIdentity(ctx.actor, request)),
    selectTarget(q, ctx.organizationId, roomId, participantId ?? ''),
  ]);
  const roomAccess = roomAccessOf(ctx.actor, request, row);
  requireModerator(roomAccess);
  return { standing: roomAccess, target };
}

/** Decides what the live room alone keeps: at once, and once more by an effect. */
async function commitLiveCommand(ctx: Ctx, roomId: string, command: LiveCommand): Promise<void> {
  await ctx.commit({ write: () => [], events: [liveCommandsIssued(roomId, [command])], result: undefined });
  await sendLiveCommands(ctx, roomId, [command]);
}

const commandHeader = (ctx: Ctx, { identity }: RoomAccess, subject: string) => {
  const atMs = ctx.clock.now();
  return { key: `${subject}:${identity}:${atMs}`, atMs, by: publicIdentity(identity) };
};

/**
 * Puts somebody into the middle of everybody's screen, or nobody.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `moderation.participant_not_found`
 */
export async function setSpotlight(
  ctx: Ctx,
  request: RoomAccessRequest,
  participantId: string | null,
): Promise<void> {
  const { standing: roomAccess, target } = await readModeratorAndTarget(ctx, request, participantId);
  if (participantId !== null && !target) throw moderationErrors.participantNotFound();
  const identity = target?.participant.identity ?? null;
  await commitLiveCommand(ctx, request.roomId, {
    type: 'spotlight',
    ...commandHeader(ctx, roomAccess, `spotlight:${identity ?? ''}`),
    identity,
  });
}

/**
 * Lowers a raised hand, or all of them.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `moderation.participant_not_found` or
 * `moderation.not_host`
 */
export async function lowerHands(
  ctx: Ctx,
  request: RoomAccessRequest,
  participantId: string | null,
): Promise<void> {
  const { standing: roomAccess, target } = await readModeratorAndTarget(ctx, request, participantId);
  const identity = participantId === null ? null : requireTarget(roomAccess, target).participant.identity;
  await commitLiveCommand(ctx, request.roomId, {
    type: 'hands.lower',
    ...commandHeader(ctx, roomAccess, `hands:${identity ?? ''}`),
    identity,
  });
}

async function trySend(ctx: Ctx, what: string, work: Promise<unknown>): Promise<'sent' | 'failed'> {
  try {
    await withTimeout(work, SEND_TIMEOUT_MS, () =>
      serverErrors.unavailable({ detail: `${what} did not answer in time` }),
    );
    return 'sent';
  } catch (error) {
    ctx.log.warn('data.not_sent', { what, error });
    return 'failed';
  }
}

/**
 * Sends data to everybody, or to some: as a packet of their media connection and as a frame of their socket. It is not
 * kept, and not sent again.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `moderation.participant_not_found`, or
 * `server.unavailable` when neither way is open
 */
export async function sendData(
  ctx: Ctx,
  request: RoomAccessRequest,
  { topic, payload, to }: SendData,
): Promise<DataSentView> {
  const { roomId } = request;
  requireGuestOfRoom(ctx.actor, roomId);
  const [[row], targets] = await ctx.read((q) => [
    selectRoomAccess(q, ctx.organizationId, roomId, requesterIdentity(ctx.actor, request)),
    selectTargets(q, ctx.organizationId, roomId, { participantIds: to ?? [] }),
  ]);
  const roomAccess = roomAccessOf(ctx.actor, request, row);
  requireModerator(roomAccess);
  const identities = targets.map(({ participant }) => participant.identity);
  if (to && identities.length < new Set(to).size) throw moderationErrors.participantNotFound();
  const { call } = roomAccess;
  const command: LiveCommand = {
    type: 'data',
    ...commandHeader(ctx, roomAccess, `data:${ctx.ids.create('message')}`),
    topic,
    payload,
    to: to ? identities : null,
  };
  const bytes = utf8(JSON.stringify(payload));
  const [media, live] = await Promise.all([
    call
      ? trySend(
          ctx,
          'cluster',
          ctx.ports.clusters.api(call.cluster, ctx.trace).sendData(call.id, bytes, { topic, identities }),
        )
      : ('no_call' as const),
    trySend(ctx, 'live room', ctx.ports.liveRooms.apply(roomId, [command])),
  ]);
  if (media !== 'sent' && live !== 'sent') throw serverErrors.unavailable({ detail: 'nobody was reached' });
  return { media, live };
}
