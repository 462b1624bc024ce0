import {
  type ClusterIngress,
  clusterErrors,
  type IngressApi,
  type IngressRequest,
} from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { isError } from '../../kernel/core/index.ts';
import { isAddressRefusal } from '../../platform/outgoing/index.ts';
import { isClaimed, moveState } from '../cluster-rows/index.ts';
import { changeIngress, enterCall } from './ingresses.queries.ts';
import {
  changeByNoWorker,
  changeByReport,
  differs,
  type IngressChange,
  type IngressGoal,
  isJustRefused,
  isOver,
} from './ingresses.rules.ts';
import type { Ingress } from './ingresses.tables.ts';
import { openSource } from './source-secret.ts';

/** The state of an ingress after a step: the row that the step was decided on, and its changes. */
export interface IngressStep {
  row: Ingress;
  change: IngressChange;
}

/** The client of the cluster that has an ingress; null when that cluster is no longer configured. */
export const apiOf = ({ ports, trace }: Ctx, cluster: string): IngressApi | null =>
  ports.clusters.names.includes(cluster) ? ports.clusters.ingresses(cluster, trace) : null;

/** The ingress at its cluster: by its id there, or by the identity that it carries when the answer to its creation was lost. */
async function findReport(api: IngressApi, { id, clusterIngress, begunAt }: Ingress) {
  if (clusterIngress !== null) return api.get(clusterIngress);
  if (begunAt === null) return null;
  return (await api.list()).find(({ identity }) => identity === id) ?? null;
}

/** Makes the cluster delete an ingress with its key. */
async function withdraw(ctx: Ctx, row: Ingress): Promise<IngressChange> {
  if (row.clusterIngress === null && row.begunAt === null) return {};
  const api = apiOf(ctx, row.cluster);
  const found = api && (await findReport(api, row));
  if (found) await api.remove(found.ingressId);
  return { clusterIngress: null, begunAt: null };
}

/**
 * Asks the cluster for an ingress once: a commit reserves the next seconds for it, so that two runs do not both ask, and its place when it
 * comes into a call by that.
 * @throws AppError `clusters.unavailable` when it is not known whether there is one, `request.stale`, `billing.limit_reached`
 */
async function createOnce(
  ctx: Ctx,
  row: Ingress,
  { api, request, reserve }: { api: IngressApi; request: IngressRequest; reserve: IngressChange },
): Promise<IngressStep & { report: ClusterIngress | null }> {
  const nowMs = ctx.clock.now();
  if (isClaimed(row, nowMs)) return { row, change: {}, report: null };
  const set = { ...reserve, begunAt: new Date(nowMs) };
  const claimed = await ctx.commit({
    write: (q) =>
      set.callId
        ? enterCall(q, row, { ...set, callId: set.callId }, set.begunAt)
        : changeIngress(q, row, set),
    result: { ...row, ...set, version: row.version + 1 },
  });
  try {
    const report = await api.create(request);
    return {
      row: claimed,
      change: report ? {} : { begunAt: null, ...changeByNoWorker(claimed, nowMs) },
      report,
    };
  } catch (error) {
    if (!isError(error, clusterErrors.refused)) throw error;
    return {
      row: claimed,
      change: { begunAt: null, state: 'failed', reason: 'refused', stateAt: new Date(nowMs) },
      report: null,
    };
  }
}

/** The changes that a report means for an ingress that media are sent to. */
function settle(
  row: Ingress,
  report: ClusterIngress,
  { call, reason, leftAt }: IngressGoal,
  nowMs: number,
): IngressChange {
  const reported = changeByReport(row, report, leftAt, nowMs);
  if (call) return { ...reported, callId: call.id };
  const { state: _state, reason: _reason, stateAt: _at, ...times } = reported;
  return { ...times, callId: null, ...moveState(row, 'idle', reason, nowMs) };
}

/** Gives an ingress that media are sent to its place in the call, before the cluster lets a sender in. @throws AppError as `createOnce` */
async function takePlace(ctx: Ctx, row: Ingress, { call }: IngressGoal): Promise<Ingress> {
  if (!call || row.callId === call.id) return row;
  const set = { callId: call.id };
  return ctx.commit({
    write: (q) => enterCall(q, row, set, new Date(ctx.clock.now())),
    result: { ...row, ...set, version: row.version + 1 },
  });
}

/**
 * Advances an ingress that media are sent to: it exists at its cluster as long as it may, and accepts a sender during
 * calls.
 */
export async function runPushed(ctx: Ctx, before: Ingress, goal: IngressGoal): Promise<IngressStep> {
  const nowMs = ctx.clock.now();
  const api = apiOf(ctx, before.cluster);
  if (!goal.isThere || !api) {
    const reason = goal.reason ?? 'other_cluster';
    const change = { callId: null, ...moveState(before, 'idle', reason, nowMs) };
    return { row: before, change: { ...(await withdraw(ctx, before)), ...change } };
  }
  const found = await findReport(api, before);
  if (!found && isJustRefused(before, nowMs)) return { row: before, change: { callId: null } };
  const row = await takePlace(ctx, before, goal);
  const wanted = { room: goal.call?.id ?? null, name: row.name };
  if (found) {
    const report = differs(row, found, goal) ? await api.update(found.ingressId, wanted) : found;
    // An ingress that vanished meanwhile is created by the next run.
    return { row, change: report ? settle(row, report, goal, nowMs) : {} };
  }
  const { organizationId, id: identity } = row;
  const request = { kind: row.kind as 'rtmp' | 'whip', organizationId, identity, ...wanted };
  const made = await createOnce(ctx, row, { api, request, reserve: { clusterIngress: null } });
  return { row: made.row, change: made.report ? settle(made.row, made.report, goal, nowMs) : made.change };
}

/** Begins to read the address, if it may still be read. */
async function beginReading(
  ctx: Ctx,
  row: Ingress,
  call: { id: string; cluster: string },
): Promise<IngressStep> {
  const nowMs = ctx.clock.now();
  const place = { callId: call.id, cluster: call.cluster };
  const fail = (reason: 'address_refused' | 'refused') => ({
    row,
    change: { ...place, ...moveState(row, 'failed', reason, nowMs) },
  });
  const source = await openSource(ctx, row);
  if (source === null) return fail('address_refused');
  try {
    await ctx.ports.outgoing.requireAllowed(source);
  } catch (error) {
    if (!isAddressRefusal(error)) throw error;
    return fail('address_refused');
  }
  const api = ctx.ports.clusters.ingresses(call.cluster, ctx.trace);
  const request: IngressRequest = {
    kind: 'url',
    organizationId: row.organizationId,
    identity: row.id,
    name: row.name,
    room: call.id,
    url: source,
  };
  const reserve = { ...place, clusterIngress: null, ...moveState(row, 'requested', null, nowMs) };
  const { row: claimed, change, report } = await createOnce(ctx, row, { api, request, reserve });
  return { row: claimed, change: report ? changeByReport(claimed, report, null, nowMs) : change };
}

/** Advances an ingress that reads an address: once in each call, from the beginning of the call or since it was switched on. */
export async function runReading(
  ctx: Ctx,
  row: Ingress,
  { call, reason, leftAt }: IngressGoal,
): Promise<IngressStep> {
  const nowMs = ctx.clock.now();
  if (!call || row.callId !== call.id) {
    const withdrawn = await withdraw(ctx, row);
    if (!call) return { row, change: { ...withdrawn, ...moveState(row, 'idle', reason, nowMs) } };
    const { row: begun, change } = await beginReading(ctx, { ...row, ...withdrawn }, call);
    return { row: begun, change: { ...withdrawn, ...change } };
  }
  // Its end is stored before the cluster deletes it: otherwise the end would be lost when that commit fails.
  if (isOver(row)) return { row, change: await withdraw(ctx, row) };
  const api = apiOf(ctx, row.cluster)!;
  const report = await findReport(api, row);
  if (report) return { row, change: changeByReport(row, report, leftAt, nowMs) };
  if (row.clusterIngress === null) return beginReading(ctx, row, call);
  return { row, change: { clusterIngress: null, ...moveState(row, 'failed', 'lost', nowMs) } };
}
