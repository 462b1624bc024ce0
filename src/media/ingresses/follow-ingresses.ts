import type { ClusterIngress } from '../../calls/clusters/index.ts';
import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { mapSettled } from '../../kernel/core/index.ts';
import { publishEach, runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import type { ClusterSweep } from '../egress/index.ts';
import { advanceIngress } from './advance-ingress.ts';
import { ingressFollowed } from './ingresses.events.ts';
import { selectIngressesOfCall, selectIngressesOfRoom } from './ingresses.queries.ts';
import { isIngressIdentity } from './ingresses.rules.ts';
import {
  selectClusterIngresses,
  selectIngressesToSweep,
  selectKnownOrganizations,
} from './sweep-ingresses.queries.ts';

const INGRESSES_PER_RUN = 500;

/** Advances ingresses, each in the name of its organization. */
const follow = (ctx: Ctx, due: readonly { id: string; organizationId: string }[]): Promise<void> =>
  publishEach(ctx, due, (ingressId) => ingressFollowed.of({ ingressId }));

/** After a call began or ended, or its cluster reported on an ingress. */
export async function followCall(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectIngressesOfCall(q, callId)], systemScope);
  await follow(ctx, due);
}

/** After a room was deleted. */
export async function followRoom(ctx: Ctx, { roomId }: { roomId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectIngressesOfRoom(q, ctx.organizationId, roomId)]);
  await follow(ctx, due);
}

/** Deletes an ingress at its cluster after it was deleted here. */
export async function removeAtCluster(
  { ports, trace }: Ctx,
  { cluster, clusterIngress }: { cluster: string; clusterIngress: string },
): Promise<void> {
  const { clusters } = ports;
  if (clusters.names.includes(cluster)) await clusters.ingresses(cluster, trace).remove(clusterIngress);
}

/** Scheduled each minute: advances ingresses, in case an event was lost. */
export async function sweepIngresses(services: Services): Promise<SweepOutcome> {
  const [due] = await services.database.read(systemScope, (q) => [
    selectIngressesToSweep(q, new Date(services.clock.now()), INGRESSES_PER_RUN),
  ]);
  return runSweep(services, 'ingresses.sweep', due, (ctx, { id }) => advanceIngress(ctx, id));
}

/** Ingresses without a row: it is gone, or names another one. An ingress whose creation is not answered yet stays. */
async function findStrays(
  { database }: Services,
  cluster: string,
  ours: readonly ClusterIngress[],
): Promise<ClusterIngress[]> {
  if (ours.length === 0) return [];
  const [rows, known] = await database.read(systemScope, (q) => [
    selectClusterIngresses(
      q,
      ours.map(({ identity }) => identity),
    ),
    selectKnownOrganizations(
      q,
      ours.map(({ organizationId }) => organizationId),
    ),
  ]);
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const isKnown = new Set(known.map(({ id }) => id));
  return ours.filter(({ identity, ingressId, organizationId }) => {
    const row = rowOf.get(identity);
    if (!row) return isKnown.has(organizationId);
    const isHere = row.cluster === cluster && (row.begunAt !== null || row.clusterIngress === ingressId);
    return !isHere;
  });
}

async function sweepCluster(services: Services, cluster: string): Promise<ClusterSweep> {
  const { ports, log } = services;
  const api = ports.clusters.ingresses(cluster);
  const ours = (await api.list()).filter(({ identity }) => isIngressIdentity(identity));
  const strays = await findStrays(services, cluster, ours);
  for (const { ingressId, room } of strays) {
    log.warn('ingresses.stray_removed', { cluster, ingressId, room });
    await api.remove(ingressId);
  }
  return { cluster, stopped: strays.length };
}

/**
 * Scheduled each minute: removes ingresses that the clusters have for the product without a row here. Those of others
 * at the same cluster are left alone, also of other installations, which have other organizations. A cluster that does
 * not answer delays no other.
 */
export async function sweepStrayIngresses(services: Services): Promise<ClusterSweep[]> {
  const { names } = services.ports.clusters;
  const outcomes = await mapSettled(names, (cluster) => sweepCluster(services, cluster));
  return outcomes.flatMap((outcome, index) => {
    if (outcome.status === 'fulfilled') return [outcome.value];
    services.log.warn('ingresses.cluster_not_swept', { cluster: names[index], error: outcome.reason });
    return [];
  });
}
