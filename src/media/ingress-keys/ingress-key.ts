import type { IngressAddress, IngressApi } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { RoomAccessRequest } from '../../rooms/access/index.ts';
import { moveState } from '../cluster-rows/index.ts';
import {
  apiOf,
  changeEventOf,
  changeIngress,
  type Ingress,
  ingressErrors,
  ingressReleased,
  readWithAccess,
} from '../ingresses/index.ts';

/** An ingress that has a key, at its cluster, for a host. */
async function findKeyed(
  ctx: Ctx,
  request: RoomAccessRequest,
  ingressId: string,
): Promise<{ row: Ingress; api: IngressApi; clusterIngress: string }> {
  const { access, row } = await readWithAccess(ctx, request, ingressId);
  if (access.role !== 'host') throw ingressErrors.notHost();
  if (row.kind === 'url') throw ingressErrors.nothingToSend();
  const api = apiOf(ctx, row.cluster);
  if (!api || row.clusterIngress === null) throw ingressErrors.notReady();
  return { row, api, clusterIngress: row.clusterIngress };
}

/**
 * Where media are sent, with the key. It is read from the cluster, which alone stores it; each reading leaves an audit entry.
 * @throws AppError as `getIngress`, `ingresses.not_host`, `ingresses.nothing_to_send`, `ingresses.not_ready` or `clusters.*`
 */
export async function readIngressAddress(
  ctx: Ctx,
  request: RoomAccessRequest,
  ingressId: string,
): Promise<IngressAddress> {
  const { row, api, clusterIngress } = await findKeyed(ctx, request, ingressId);
  const address = await api.readAddress(clusterIngress);
  if (!address) throw ingressErrors.notReady();
  return ctx.commit({
    write: () => [],
    audit: {
      action: 'ingress.address_read',
      target: { type: 'room', id: row.roomId },
      after: { ingressId },
    },
    result: address,
  });
}

/**
 * Ends the key of an ingress and the media that come in by it; within seconds the cluster has the ingress with another
 * key. After the response, no media come in by the former key. If the cluster does not answer, the event deletes the
 * former key later.
 * @throws AppError as `readIngressAddress`, or `request.stale`
 */
export async function rotateIngressKey(
  ctx: Ctx,
  request: RoomAccessRequest,
  ingressId: string,
): Promise<Ingress> {
  const { row, api, clusterIngress } = await findKeyed(ctx, request, ingressId);
  const now = new Date(ctx.clock.now());
  const set = {
    clusterIngress: null,
    begunAt: null,
    callId: null,
    ...moveState(row, 'requested', null, now.getTime()),
    updatedAt: now,
  };
  const changed = { ...row, ...set, version: row.version + 1 };
  const rotated = await ctx.commit({
    write: (q) => changeIngress(q, row, set),
    audit: {
      action: 'ingress.key_rotated',
      target: { type: 'room', id: row.roomId },
      after: { ingressId },
    },
    events: [changeEventOf(changed), ingressReleased.of({ ingressId, cluster: row.cluster, clusterIngress })],
    result: changed,
  });
  await api.remove(clusterIngress);
  return rotated;
}
