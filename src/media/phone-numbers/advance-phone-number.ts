import { type CallInApi, clusterErrors, type InboundNumber } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { isError } from '../../kernel/core/index.ts';
import { VaultError } from '../../kernel/crypto/index.ts';
import { isClaimed, isWorthCommit, moveState } from '../cluster-rows/index.ts';
import { openCredentials } from './number-password.ts';
import { phoneNumberChanged } from './phone-numbers.events.ts';
import { changePhoneNumber, selectPhoneNumberToAdvance } from './phone-numbers.queries.ts';
import { absenceReasonOf, type PhoneNumberChange } from './phone-numbers.rules.ts';
import type { PhoneNumber } from './phone-numbers.tables.ts';

/** How long a call that came in lasts at most: four hours. */
const MAX_SECONDS = 14_400;

/** The port to the cluster of a number; null when that is no longer configured. */
const apiOf = ({ ports, trace }: Ctx, { cluster }: PhoneNumber): CallInApi | null =>
  ports.clusters.names.includes(cluster) ? ports.clusters.callIns(cluster, trace) : null;

/** The trunk of a number in the cluster's list, because the answer to a creation may have been lost. */
const findTrunk = async ({ numbers }: CallInApi, { id }: PhoneNumber): Promise<string | null> =>
  (await numbers.list()).find((each) => each.id === id)?.ref ?? null;

async function toInboundNumber(ctx: Ctx, row: PhoneNumber): Promise<InboundNumber | null> {
  const { organizationId, id, number, allowedNetworks } = row;
  try {
    const credentials = await openCredentials(ctx, row);
    return { organizationId, id, number, allowedNetworks, credentials, maxSeconds: MAX_SECONDS };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    ctx.log.error('phone_numbers.secret_not_readable', { phoneNumberId: id, error });
    return null;
  }
}

interface NumberStep {
  row: PhoneNumber;
  change: PhoneNumberChange;
}

/** Reserves the next seconds for a creation, so that two runs do not both ask; then asks. @throws AppError `request.stale` or of the cluster */
async function createOnce(
  ctx: Ctx,
  row: PhoneNumber,
  api: CallInApi,
  wanted: InboundNumber,
): Promise<NumberStep & { trunkId?: string }> {
  const nowMs = ctx.clock.now();
  if (isClaimed(row, nowMs)) return { row, change: {} };
  const set = { begunAt: new Date(nowMs), clusterTrunk: null };
  await ctx.commit({ write: (q) => [changePhoneNumber(q, row, set)], result: undefined });
  const claimed = { ...row, ...set, version: row.version + 1 };
  try {
    return { row: claimed, change: {}, trunkId: await api.numbers.create(wanted) };
  } catch (error) {
    if (!isError(error, clusterErrors.refused)) throw error;
    ctx.log.warn('phone_numbers.refused', { phoneNumberId: row.id, error });
    return { row: claimed, change: { begunAt: null, ...moveState(claimed, 'failed', 'refused', nowMs) } };
  }
}

async function place(ctx: Ctx, row: PhoneNumber, api: CallInApi): Promise<NumberStep> {
  const nowMs = ctx.clock.now();
  const wanted = await toInboundNumber(ctx, row);
  const found = await findTrunk(api, row);
  if (wanted === null) {
    if (found) await api.numbers.remove(found);
    return { row, change: { clusterTrunk: null, ...moveState(row, 'failed', 'password_unreadable', nowMs) } };
  }
  const ready = (trunkId: string, at: PhoneNumber): NumberStep => ({
    row: at,
    change: { clusterTrunk: trunkId, begunAt: null, isSent: true, ...moveState(at, 'ready', null, nowMs) },
  });
  if (found && row.isSent && row.clusterTrunk === found) return ready(found, row);
  if (found && (await api.numbers.replace(found, wanted))) return ready(found, row);
  const made = await createOnce(ctx, row, api, wanted);
  return made.trunkId === undefined ? made : ready(made.trunkId, made.row);
}

async function findStep(
  ctx: Ctx,
  row: PhoneNumber,
  ground: { isOrganizationDeleted: boolean; isIncluded: boolean },
): Promise<NumberStep> {
  const nowMs = ctx.clock.now();
  const api = apiOf(ctx, row);
  const reason = absenceReasonOf(row, { ...ground, isClusterThere: api !== null });
  if (reason === null) return place(ctx, row, api!);
  const isAtCluster = row.clusterTrunk !== null || row.begunAt !== null;
  const found = api && isAtCluster ? await findTrunk(api, row) : null;
  if (found) await api!.numbers.remove(found);
  const change = {
    clusterTrunk: null,
    begunAt: null,
    isSent: false,
    ...moveState(row, 'off', reason, nowMs),
  };
  return { row, change };
}

/**
 * Makes the cluster match a number, from what the cluster lists: creates, changes or removes it there. It may run at
 * any time and twice.
 * @throws AppError of the cluster, `request.stale`
 */
export async function advancePhoneNumber(ctx: Ctx, phoneNumberId: string): Promise<void> {
  const now = new Date(ctx.clock.now());
  const [[found]] = await ctx.read((q) => [
    selectPhoneNumberToAdvance(q, ctx.organizationId, phoneNumberId, now),
  ]);
  if (!found) return;
  const { row: before, ...ground } = found;
  const { row, change } = await findStep(ctx, before, ground);
  if (!isWorthCommit(row, change)) return;
  const { state = row.state, reason = row.reason, clusterTrunk = row.clusterTrunk } = change;
  const isMove = state !== before.state || reason !== before.reason;
  await ctx.commit({
    write: (q) => [changePhoneNumber(q, row, { ...change, updatedAt: now })],
    audit: isMove
      ? {
          action: `phone_number.${state}`,
          target: { type: 'phone_number', id: row.id },
          before: { state: before.state },
          after: { state, reason },
        }
      : [],
    events: isMove || row.clusterTrunk !== clusterTrunk ? [phoneNumberChanged.of({ phoneNumberId })] : [],
    result: undefined,
  });
}
