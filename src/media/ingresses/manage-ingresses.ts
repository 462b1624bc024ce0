import type { Ctx } from '../../kernel/context/index.ts';
import {
  diffFields,
  type IfMatch,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requireVersion,
} from '../../kernel/core/index.ts';
import {
  requireModerator,
  requireRoomAccess,
  type RoomAccess,
  type RoomAccessRequest,
} from '../../rooms/access/index.ts';
import { moveState } from '../cluster-rows/index.ts';
import { ingressErrors } from './ingresses.errors.ts';
import { ingressChanged, ingressDeleted, ingressReleased } from './ingresses.events.ts';
import { changeIngress, deleteIngressRow, selectIngress, selectIngresses } from './ingresses.queries.ts';
import type { IngressChange } from './ingresses.rules.ts';
import type { UpdateIngress } from './ingresses.schemas.ts';
import type { Ingress } from './ingresses.tables.ts';

/** Payload of the event of a change. */
export const changeEventOf = ({ id, roomId, callId, state, reason }: Ingress) =>
  ingressChanged.of({ ingressId: id, roomId, callId, state, reason });

/** An ingress, for a moderator of its room. @throws AppError `rooms.not_found`, `moderation.not_moderator` or `ingresses.not_found` */
export async function readWithAccess(
  ctx: Ctx,
  request: RoomAccessRequest,
  ingressId: string,
): Promise<{ access: RoomAccess; row: Ingress }> {
  const [access, [row]] = await requireRoomAccess(ctx, request, (q) => [
    selectIngress(q, ctx.organizationId, request.roomId, ingressId),
  ]);
  requireModerator(access);
  if (!row) throw ingressErrors.notFound();
  return { access, row };
}

/** @throws AppError `rooms.not_found`, `moderation.not_moderator` or `ingresses.not_found` */
export const getIngress = async (ctx: Ctx, request: RoomAccessRequest, ingressId: string): Promise<Ingress> =>
  (await readWithAccess(ctx, request, ingressId)).row;

/** The ingresses of a room, newest first. @throws AppError `rooms.not_found` or `moderation.not_moderator` */
export async function listIngresses(
  ctx: Ctx,
  request: RoomAccessRequest,
  { limit, cursor }: PageQuery,
): Promise<Page<Ingress>> {
  const page = { before: readCursor(cursor), limit };
  const [access, rows] = await requireRoomAccess(ctx, request, (q) => [
    selectIngresses(q, ctx.organizationId, request.roomId, page),
  ]);
  requireModerator(access);
  return pageOf(rows, limit, ({ id }) => id);
}

/**
 * What the switch changes at once. An ingress that reads a URL reads it again when it is switched on. One that media
 * are sent to keeps its place in the call until its cluster no longer lets a sender in.
 */
function changeBySwitch(row: Ingress, enabled: boolean | undefined, nowMs: number): IngressChange {
  if (enabled === undefined || enabled === row.enabled) return {};
  if (enabled) return { enabled };
  const callId = row.kind === 'url' ? null : row.callId;
  return { enabled, callId, ...moveState(row, 'idle', 'disabled', nowMs) };
}

/** @throws AppError as `getIngress`, or `request.stale` */
export async function updateIngress(
  ctx: Ctx,
  request: RoomAccessRequest,
  { ingressId, input, ifMatch }: { ingressId: string; input: UpdateIngress; ifMatch: IfMatch },
): Promise<Ingress> {
  const row = await getIngress(ctx, request, ingressId);
  requireVersion(row, ifMatch);
  const nowMs = ctx.clock.now();
  const set = {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...changeBySwitch(row, input.enabled, nowMs),
    updatedAt: new Date(nowMs),
  };
  const changed = { ...row, ...set, version: row.version + 1 };
  return ctx.commit({
    write: (q) => changeIngress(q, row, set),
    audit: {
      action: 'ingress.updated',
      target: { type: 'room', id: row.roomId },
      ...diffFields({ ...row }, input),
    },
    events: [changeEventOf(changed)],
    result: changed,
  });
}

/** Deletes an ingress with its key; what comes in by it ends. @throws AppError as `getIngress`, or `request.stale` */
export async function deleteIngress(
  ctx: Ctx,
  request: RoomAccessRequest,
  ingressId: string,
  ifMatch: IfMatch,
): Promise<void> {
  const row = await getIngress(ctx, request, ingressId);
  requireVersion(row, ifMatch);
  const { roomId, cluster, clusterIngress, kind, name } = row;
  return ctx.commit({
    write: (q) => deleteIngressRow(q, row),
    audit: {
      action: 'ingress.deleted',
      target: { type: 'room', id: roomId },
      before: { ingressId, kind, name },
    },
    events: [
      ingressDeleted.of({ ingressId, roomId }),
      ...(clusterIngress === null ? [] : [ingressReleased.of({ ingressId, cluster, clusterIngress })]),
    ],
    result: undefined,
  });
}
