import type { Ctx } from '../../kernel/context/index.ts';
import {
  requireModerator,
  requireRoomAccess,
  type RoomAccess,
  type RoomAccessRequest,
} from '../../rooms/access/index.ts';
import { ingressErrors } from './ingresses.errors.ts';
import { insertIngress } from './ingresses.queries.ts';
import type { CreateIngress } from './ingresses.schemas.ts';
import type { Ingress } from './ingresses.tables.ts';
import { changeEventOf } from './manage-ingresses.ts';
import { sealSource, shownSource } from './source-secret.ts';

/** The address that is read, as it is stored. @throws AppError `outgoing.*` */
async function readSource(ctx: Ctx, ingressId: string, address: string | undefined) {
  if (address === undefined) return { sourceUrl: null, sealedSource: null };
  const url = await ctx.ports.outgoing.requireAllowed(address);
  return { sourceUrl: shownSource(url), sealedSource: await sealSource(ctx, ingressId, url.href) };
}

interface NewIngress extends Pick<
  Ingress,
  'id' | 'roomId' | 'kind' | 'name' | 'enabled' | 'cluster' | 'createdBy'
> {
  source: Pick<Ingress, 'sourceUrl' | 'sealedSource'>;
}

function buildIngress(ctx: Ctx, { source, ...fields }: NewIngress): Ingress {
  const now = new Date(ctx.clock.now());
  return {
    ...fields,
    ...source,
    organizationId: ctx.organizationId,
    clusterIngress: null,
    begunAt: null,
    callId: null,
    state: 'requested',
    reason: null,
    stateAt: now,
    startedAt: null,
    endedAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

/**
 * The cluster of the calls of the room, so that its ingresses are at one cluster; else that of its open call, or the
 * one near the caller.
 */
function chooseCluster({ ports: { clusters }, origin }: Ctx, { room, call }: RoomAccess): string {
  if (room.cluster !== null && clusters.names.includes(room.cluster)) return room.cluster;
  return call?.cluster ?? clusters.chooseCluster(origin.continent);
}

/**
 * Creates an ingress of a room. The cluster has it within seconds, by a subscriber of the event.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `ingresses.audio_only`, `ingresses.too_many`, `outgoing.*`,
 * `clusters.not_configured` or `billing.feature_not_included`
 */
export async function createIngress(
  ctx: Ctx,
  request: RoomAccessRequest,
  { kind, name, enabled, sourceUrl }: CreateIngress,
): Promise<Ingress> {
  const [access] = await requireRoomAccess(ctx, request, () => []);
  requireModerator(access);
  const { room, identity: createdBy } = access;
  if (room.type === 'audio_room') throw ingressErrors.audioOnly();
  const cluster = chooseCluster(ctx, access);
  const id = ctx.ids.create('ingress');
  const source = await readSource(ctx, id, sourceUrl);
  const row = buildIngress(ctx, { id, roomId: room.id, kind, name, enabled, cluster, createdBy, source });
  return ctx.commit({
    write: (q) => insertIngress(q, row),
    audit: {
      action: 'ingress.created',
      target: { type: 'room', id: room.id },
      after: { ingressId: id, kind, name, enabled, sourceUrl: row.sourceUrl },
    },
    events: [changeEventOf(row)],
    result: row,
  });
}
