import { type CallInApi, clusterErrors, type DispatchRule } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { isError } from '../../kernel/core/index.ts';
import { isClaimed, moveState } from '../cluster-rows/index.ts';
import { openPin } from './dial-in-pin.ts';
import { changeDialIn } from './dial-ins.queries.ts';
import type { DialInChange, DialInGoal } from './dial-ins.rules.ts';
import type { DialIn } from './dial-ins.tables.ts';

/** The state of a dial-in after a step: the row that the step was decided on, and its changes. */
export interface DialInStep {
  row: DialIn;
  change: DialInChange;
}

const apiOf = ({ ports, trace }: Ctx, cluster: string): CallInApi | null =>
  ports.clusters.names.includes(cluster) ? ports.clusters.callIns(cluster, trace) : null;

const NOT_THERE = { cluster: null, clusterRule: null, clusterTrunks: [], begunAt: null, isSent: false };

/** The rule of a row by the cluster's list: the answer to a creation may have been lost. */
const findRule = async (api: CallInApi, { id }: DialIn): Promise<string | null> =>
  (await api.rules.list()).find((each) => each.id === id)?.ref ?? null;

/** Makes the cluster delete the rule. A cluster that is no longer configured cannot be asked. */
async function withdraw(ctx: Ctx, row: DialIn): Promise<DialInChange> {
  if (row.cluster === null) return {};
  const api = apiOf(ctx, row.cluster);
  const ruleId = api && (row.clusterRule ?? (await findRule(api, row)));
  if (ruleId) await api.rules.remove(ruleId);
  return NOT_THERE;
}

async function createOnce(
  ctx: Ctx,
  row: DialIn,
  api: CallInApi,
  { rule, cluster }: { rule: DispatchRule; cluster: string },
): Promise<DialInStep> {
  const nowMs = ctx.clock.now();
  if (isClaimed(row, nowMs)) return { row, change: {} };
  const set = { ...NOT_THERE, cluster, begunAt: new Date(nowMs) };
  await ctx.commit({ write: (q) => [changeDialIn(q, row, set)], result: undefined });
  const claimed = { ...row, ...set, version: row.version + 1 };
  try {
    return { row: claimed, change: opened(claimed, rule, await api.rules.create(rule), nowMs) };
  } catch (error) {
    if (!isError(error, clusterErrors.refused)) throw error;
    ctx.log.warn('dial_ins.refused', { roomId: row.id, error });
    return { row: claimed, change: { ...NOT_THERE, ...moveState(claimed, 'closed', 'refused', nowMs) } };
  }
}

const opened = (row: DialIn, rule: DispatchRule, ruleId: string, nowMs: number): DialInChange => ({
  clusterRule: ruleId,
  clusterTrunks: [...rule.trunkIds],
  callId: rule.room,
  isSent: true,
  begunAt: null,
  ...moveState(row, 'open', null, nowMs),
});

const isAsWanted = (row: DialIn, { room, trunkIds }: DispatchRule) =>
  row.isSent && row.callId === room && row.clusterTrunks.join() === trunkIds.join();

async function open(ctx: Ctx, row: DialIn, goal: DialInGoal & { reason: null }): Promise<DialInStep> {
  const nowMs = ctx.clock.now();
  const { call, trunkIds } = goal;
  const pin = await openPin(ctx, row);
  if (pin === null) return close(ctx, row, 'pin_unreadable');
  const api = apiOf(ctx, call.cluster);
  if (!api) return close(ctx, row, 'other_cluster');
  const rule: DispatchRule = {
    organizationId: row.organizationId,
    id: row.id,
    trunkIds,
    pin,
    room: call.id,
    attributes: { role: 'participant', kind: 'phone' },
  };
  const isElsewhere = row.cluster !== null && row.cluster !== call.cluster;
  const here = isElsewhere ? { ...row, ...(await withdraw(ctx, row)) } : row;
  const known = here.clusterRule ?? (here.begunAt ? await findRule(api, here) : null);
  if (known !== null && here.clusterRule === known && isAsWanted(here, rule))
    return { row, change: opened(row, rule, known, nowMs) };
  if (known !== null && (await api.rules.replace(known, rule)))
    return { row, change: { cluster: call.cluster, ...opened(row, rule, known, nowMs) } };
  return createOnce(ctx, here, api, { rule, cluster: call.cluster });
}

async function close(ctx: Ctx, row: DialIn, reason: NonNullable<DialIn['reason']>): Promise<DialInStep> {
  const withdrawn = await withdraw(ctx, row);
  return {
    row,
    change: { ...withdrawn, callId: null, ...moveState(row, 'closed', reason, ctx.clock.now()) },
  };
}

/** Makes the next step of a dial-in. @throws AppError of the cluster, `request.stale` */
export const runDialIn = (ctx: Ctx, row: DialIn, goal: DialInGoal): Promise<DialInStep> =>
  goal.reason === null ? open(ctx, row, goal) : close(ctx, row, goal.reason);
