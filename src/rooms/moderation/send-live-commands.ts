import type { Ctx } from '../../kernel/context/index.ts';
import { serverErrors, utf8, withTimeout } from '../../kernel/core/index.ts';
import {
  type LiveCommand,
  liveCommandsIssued,
  publicIdentity,
  sendLiveCommands,
} from '../../realtime/protocol/index.ts';
import {
  requireModerator,
  requireRoomAccess,
  type RoomAccess,
  type RoomAccessRequest,
} from '../access/index.ts';
import { moderationErrors } from './moderation.errors.ts';
import { selectTarget, selectTargets } from './moderation.queries.ts';
import { requireTarget } from './moderation.rules.ts';
import type { DataSentView, SendData } from './moderation.schemas.ts';

const SEND_TIMEOUT_MS = 3_000;

/** A caller who moderates, and the participant that is named, if any. */
async function readModeratorAndTarget(ctx: Ctx, request: RoomAccessRequest, participantId: string | null) {
  const [roomAccess, [target]] = await requireRoomAccess(ctx, request, (q) => [
    selectTarget(q, ctx.organizationId, request.roomId, participantId ?? ''),
  ]);
  requireModerator(roomAccess);
  return { roomAccess, target };
}

/** Changes what the live room alone stores: at once, and by an event in case that fails. */
async function commitLiveCommand(ctx: Ctx, roomId: string, command: LiveCommand): Promise<void> {
  await ctx.commit({
    write: () => [],
    events: [liveCommandsIssued.of({ roomId: roomId, commands: [command] })],
    result: undefined,
  });
  await sendLiveCommands(ctx, roomId, [command]);
}

const commandHeader = (ctx: Ctx, { identity }: RoomAccess, subject: string) => {
  const atMs = ctx.clock.now();
  return { key: `${subject}:${identity}:${atMs}`, atMs, by: publicIdentity(identity) };
};

/**
 * Spotlights a participant for everybody, or clears the spotlight (null).
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `moderation.participant_not_found`
 */
export async function setSpotlight(
  ctx: Ctx,
  request: RoomAccessRequest,
  participantId: string | null,
): Promise<void> {
  const { roomAccess, target } = await readModeratorAndTarget(ctx, request, participantId);
  if (participantId !== null && !target) throw moderationErrors.participantNotFound();
  const identity = target?.participant.identity ?? null;
  await commitLiveCommand(ctx, request.roomId, {
    type: 'spotlight',
    ...commandHeader(ctx, roomAccess, `spotlight:${identity ?? ''}`),
    identity,
  });
}

/**
 * Lowers a participant's raised hand, or all hands (null).
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `moderation.participant_not_found` or
 * `moderation.not_host`
 */
export async function lowerHands(
  ctx: Ctx,
  request: RoomAccessRequest,
  participantId: string | null,
): Promise<void> {
  const { roomAccess, target } = await readModeratorAndTarget(ctx, request, participantId);
  const identity = participantId === null ? null : requireTarget(roomAccess, target).participant.identity;
  await commitLiveCommand(ctx, request.roomId, {
    type: 'hands.lower',
    ...commandHeader(ctx, roomAccess, `hands:${identity ?? ''}`),
    identity,
  });
}

async function trySend(ctx: Ctx, name: string, work: Promise<unknown>): Promise<'sent' | 'failed'> {
  try {
    await withTimeout(work, SEND_TIMEOUT_MS, () =>
      serverErrors.unavailable({ detail: `the ${name} did not answer in time` }),
    );
    return 'sent';
  } catch (error) {
    ctx.log.warn('data.send_failed', { to: name, error });
    return 'failed';
  }
}

/**
 * Sends data to everybody or to some participants, over their media connections and their sockets. It is neither stored
 * nor sent again.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `moderation.participant_not_found`, or
 * `server.unavailable` when both ways fail
 */
export async function sendData(
  ctx: Ctx,
  request: RoomAccessRequest,
  { topic, payload, to }: SendData,
): Promise<DataSentView> {
  const { roomId } = request;
  const [roomAccess, targets] = await requireRoomAccess(ctx, request, (q) => [
    selectTargets(q, ctx.organizationId, roomId, { participantIds: to ?? [] }),
  ]);
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
  if (media !== 'sent' && live !== 'sent')
    throw serverErrors.unavailable({ detail: 'neither media nor sockets could be reached' });
  return { media, live };
}
