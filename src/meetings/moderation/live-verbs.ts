import type { Ctx } from '../../platform/context/index.ts';
import { serverErrors, utf8, within } from '../../platform/core/index.ts';
import { findStanding } from '../lobby/index.ts';
import { type LiveCommand, liveRoomTold, tellLiveRoom } from '../realtime/index.ts';
import { requireReach } from '../rooms/index.ts';
import { findTarget, listTargets } from './moderation.queries.ts';
import {
  identityAt,
  type Place,
  requireModerator,
  requireTarget,
  shownBy,
  type Standing,
  standingOf,
} from './moderation.rules.ts';
import { moderationErrors } from './moderation.errors.ts';
import type { DataSentView, SendData } from './moderation.schemas.ts';

const PATIENCE_MS = 3_000;

/** Who asks, and the participant it is about, if any. */
async function read(ctx: Ctx, place: Place, participantId: string | null) {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const [[row], [target]] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, identityAt(ctx.actor, place)),
    findTarget(q, ctx.organizationId, roomId, participantId ?? ''),
  ]);
  const standing = standingOf(ctx.actor, place, row);
  requireModerator(standing);
  return { standing, target };
}

/** Decides what the live room alone keeps: at once, and once more by an effect. */
async function decideLive(ctx: Ctx, roomId: string, command: LiveCommand): Promise<void> {
  await ctx.commit({ write: () => [], effects: [liveRoomTold(roomId, [command])], result: undefined });
  await tellLiveRoom(ctx, roomId, [command]);
}

const told = (ctx: Ctx, { identity }: Standing, about: string) => {
  const atMs = ctx.clock.now();
  return { key: `${about}:${identity}:${atMs}`, atMs, by: shownBy(identity) };
};

/**
 * Puts somebody into the middle of everybody's screen, or nobody.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `moderation.participant_not_found`
 */
export async function setSpotlight(ctx: Ctx, place: Place, participantId: string | null): Promise<void> {
  const { standing, target } = await read(ctx, place, participantId);
  if (participantId !== null && !target) throw moderationErrors.participantNotFound();
  const identity = target?.participant.identity ?? null;
  await decideLive(ctx, place.roomId, {
    type: 'spotlight',
    ...told(ctx, standing, `spotlight:${identity ?? ''}`),
    identity,
  });
}

/**
 * Lowers a raised hand, or all of them.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `moderation.participant_not_found` or
 * `moderation.not_host`
 */
export async function lowerHands(ctx: Ctx, place: Place, participantId: string | null): Promise<void> {
  const { standing, target } = await read(ctx, place, participantId);
  const identity = participantId === null ? null : requireTarget(standing, target).participant.identity;
  await decideLive(ctx, place.roomId, {
    type: 'hands.lower',
    ...told(ctx, standing, `hands:${identity ?? ''}`),
    identity,
  });
}

async function attempt(ctx: Ctx, what: string, work: Promise<unknown>): Promise<'sent' | 'failed'> {
  try {
    await within(work, PATIENCE_MS, () =>
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
  place: Place,
  { topic, payload, to }: SendData,
): Promise<DataSentView> {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const [[row], targets] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, identityAt(ctx.actor, place)),
    listTargets(q, ctx.organizationId, roomId, { participantIds: to ?? [] }),
  ]);
  const standing = standingOf(ctx.actor, place, row);
  requireModerator(standing);
  const identities = targets.map(({ participant }) => participant.identity);
  if (to && identities.length < new Set(to).size) throw moderationErrors.participantNotFound();
  const { call } = standing;
  const command: LiveCommand = {
    type: 'data',
    ...told(ctx, standing, `data:${ctx.ids.create('message')}`),
    topic,
    payload,
    to: to ? identities : null,
  };
  const bytes = utf8(JSON.stringify(payload));
  const [media, live] = await Promise.all([
    call
      ? attempt(
          ctx,
          'cluster',
          ctx.ports.clusters.api(call.cluster, ctx.trace).sendData(call.id, bytes, { topic, identities }),
        )
      : ('no_call' as const),
    attempt(ctx, 'live room', ctx.ports.liveRooms.apply(roomId, [command])),
  ]);
  if (media !== 'sent' && live !== 'sent') throw serverErrors.unavailable({ detail: 'nobody was reached' });
  return { media, live };
}
