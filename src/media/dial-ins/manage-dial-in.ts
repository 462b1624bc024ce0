import type { Ctx } from '../../kernel/context/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../../rooms/access/index.ts';
import { selectReadyNumbers } from '../phone-numbers/index.ts';
import { changeEventOf } from './advance-dial-in.ts';
import { openPin, sealNewPin } from './dial-in-pin.ts';
import { dialInErrors } from './dial-ins.errors.ts';
import {
  changeDialIn,
  DIAL_IN_CONFLICTS,
  insertDialIn,
  reopenDialIn,
  selectDialIn,
} from './dial-ins.queries.ts';
import type { DialIn } from './dial-ins.tables.ts';

/** A dial-in with its PIN, and the numbers that can be called. */
export interface ShownDialIn {
  row: DialIn;
  /** Null when it can no longer be read. */
  pin: string | null;
  numbers: string[];
}

async function readDialIn(ctx: Ctx, request: RoomAccessRequest) {
  const [access, [row], numbers] = await requireRoomAccess(ctx, request, (q) => [
    selectDialIn(q, ctx.organizationId, request.roomId),
    selectReadyNumbers(q, ctx.organizationId),
  ]);
  requireModerator(access);
  return { access, row, numbers: numbers.map(({ number }) => number) };
}

const show = async (ctx: Ctx, row: DialIn, numbers: string[]): Promise<ShownDialIn> => ({
  row,
  pin: await openPin(ctx, row),
  numbers,
});

/** @throws AppError `rooms.not_found`, `moderation.not_moderator` or `dial_ins.not_found` */
export async function getDialIn(ctx: Ctx, request: RoomAccessRequest): Promise<ShownDialIn> {
  const { row, numbers } = await readDialIn(ctx, request);
  if (!row?.enabled) throw dialInErrors.notFound();
  return show(ctx, row, numbers);
}

/**
 * Lets telephones call into a room, by a new PIN; within seconds the cluster lets them in, by a subscriber of the event. Repeating it changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `billing.feature_not_included` or `request.stale`
 */
export async function enableDialIn(ctx: Ctx, request: RoomAccessRequest): Promise<ShownDialIn> {
  const { access, row: before, numbers } = await readDialIn(ctx, request);
  if (before?.enabled) return show(ctx, before, numbers);
  const now = new Date(ctx.clock.now());
  const fresh = {
    enabled: true,
    sealedPin: await sealNewPin(ctx, access.room.id),
    isSent: false,
    state: 'closed',
    reason: 'no_call',
    stateAt: now,
    createdBy: access.identity,
    createdAt: now,
    updatedAt: now,
  } as const;
  const nowhere = { cluster: null, clusterRule: null, clusterTrunks: [], callId: null, begunAt: null };
  const row: DialIn = before
    ? { ...before, ...fresh, version: before.version + 1 }
    : { id: access.room.id, organizationId: ctx.organizationId, ...nowhere, ...fresh, version: 1 };
  const shown = await show(ctx, row, numbers);
  return ctx.commit({
    write: (q) => (before ? reopenDialIn(q, before, fresh) : insertDialIn(q, row)),
    conflicts: DIAL_IN_CONFLICTS,
    audit: { action: 'dial_in.enabled', severity: 'warning', target: { type: 'room', id: row.id } },
    events: [changeEventOf(row)],
    result: shown,
  });
}

/**
 * Replaces the PIN. The cluster follows within seconds; those who called in before stay.
 * @throws AppError as `getDialIn`, or `request.stale`
 */
export async function rotateDialInPin(ctx: Ctx, request: RoomAccessRequest): Promise<ShownDialIn> {
  const { row: before, numbers } = await readDialIn(ctx, request);
  if (!before?.enabled) throw dialInErrors.notFound();
  const set = {
    sealedPin: await sealNewPin(ctx, before.id),
    isSent: false,
    updatedAt: new Date(ctx.clock.now()),
  };
  const row = { ...before, ...set, version: before.version + 1 };
  const shown = await show(ctx, row, numbers);
  return ctx.commit({
    write: (q) => [changeDialIn(q, before, set)],
    audit: { action: 'dial_in.pin_rotated', target: { type: 'room', id: row.id } },
    events: [changeEventOf(row)],
    result: shown,
  });
}

/**
 * Stops telephones from calling into the room; callers in its call stay. Its PIN is never used again. Repeating it changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `request.stale`
 */
export async function disableDialIn(ctx: Ctx, request: RoomAccessRequest): Promise<void> {
  const { row: before } = await readDialIn(ctx, request);
  if (!before?.enabled) return;
  const set = { enabled: false, updatedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [changeDialIn(q, before, set)],
    audit: { action: 'dial_in.disabled', target: { type: 'room', id: before.id } },
    events: [changeEventOf({ ...before, ...set })],
    result: undefined,
  });
}
