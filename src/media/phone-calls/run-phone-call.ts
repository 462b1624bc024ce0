import { clusterErrors, type DialRequest, type PhoneApi } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { isError } from '../../kernel/core/index.ts';
import { VaultError } from '../../kernel/crypto/index.ts';
import { isAddressRefusal } from '../../platform/outgoing/index.ts';
import { openCredentials, type PhoneTrunk, trunkUrlOf } from '../phone-trunks/index.ts';
import { openDigits } from './digits-secret.ts';
import type { PhoneCallReason } from './phone-calls.enums.ts';
import { recordsOfMove } from './phone-call-records.ts';
import { changePhoneCall, type PhoneCallToAdvance } from './phone-calls.queries.ts';
import {
  changeByAbsence,
  changeByPresence,
  DIAL_WITHIN_MS,
  identityOf,
  isOver,
  MAX_TALK_SECONDS,
  moveTo,
  type PhoneCallChange,
  prefixOf,
  stopReasonOf,
} from './phone-calls.rules.ts';
import type { PhoneCall } from './phone-calls.tables.ts';

/** The state of a telephone call after a step: the row that the step was decided on, and its changes. */
export interface PhoneCallStep {
  row: PhoneCall;
  change: PhoneCallChange;
}

/** The telephone line of the cluster of a call; null when that cluster is no longer configured. */
const lineOf = ({ ports, trace }: Ctx, cluster: string): PhoneApi | null =>
  ports.clusters.names.includes(cluster) ? ports.clusters.phones(cluster, trace) : null;

/** The request to the cluster, or why it must not be made. @throws AppError `outgoing.resolver_unavailable` */
async function prepareDial(
  ctx: Ctx,
  row: PhoneCall,
  trunk: PhoneTrunk,
): Promise<DialRequest | PhoneCallReason> {
  // The trunk may have changed since somebody asked for the call.
  if (prefixOf(row.number, trunk) === undefined) return 'number_not_allowed';
  try {
    await ctx.ports.outgoing.requireAllowed(trunkUrlOf(trunk.address), 'phone');
    const { address, transport } = trunk;
    return {
      trunk: { address, transport, credentials: await openCredentials(ctx, trunk) },
      number: row.number,
      callerNumber: row.callerNumber,
      room: row.callId,
      identity: row.id,
      name: row.name,
      attributes: { role: 'participant', kind: 'phone', participantId: row.participantId },
      digits: await openDigits(ctx, row),
      ringSeconds: row.ringSeconds,
      maxSeconds: MAX_TALK_SECONDS,
    };
  } catch (error) {
    if (isAddressRefusal(error)) return 'address_refused';
    if (!(error instanceof VaultError)) throw error;
    ctx.log.error('phone_calls.secret_not_readable', { phoneCallId: row.id, error });
    return 'password_unreadable';
  }
}

/**
 * Asks the cluster to dial, once: a commit says so before. When its answer is lost the number may ring, so it is never asked again.
 * @throws AppError `request.stale`, `outgoing.resolver_unavailable`
 */
async function dialOnce(
  ctx: Ctx,
  before: PhoneCall,
  line: PhoneApi,
  trunk: PhoneTrunk,
): Promise<PhoneCallStep> {
  const nowMs = ctx.clock.now();
  const now = new Date(nowMs);
  const fail = (row: PhoneCall, reason: PhoneCallReason): PhoneCallStep => ({
    row,
    change: moveTo(row, 'failed', reason, nowMs),
  });
  const request = await prepareDial(ctx, before, trunk);
  if (typeof request === 'string') return fail(before, request);
  const set = { ...moveTo(before, 'dialing', null, nowMs), dialedAt: now, sealedDigits: null };
  const row = { ...before, ...set, version: before.version + 1 };
  const { audit, events } = recordsOfMove(before, row);
  await ctx.commit({
    write: (q) => changePhoneCall(q, before, set, now),
    audit,
    events,
    result: undefined,
  });
  try {
    return (await line.dial(request)) ? { row, change: {} } : fail(row, 'no_worker');
  } catch (error) {
    if (isError(error, clusterErrors.refused)) return fail(row, 'refused');
    ctx.log.warn('phone_calls.dial_not_answered', { phoneCallId: row.id, error });
    return { row, change: {} };
  }
}

/** Hangs up a participant whose telephone call is over: it came after that was decided. */
async function hangUpLate(row: PhoneCall, line: PhoneApi | null): Promise<PhoneCallStep> {
  if (row.dialedAt !== null) await line?.hangUp(row.callId, identityOf(row));
  return { row, change: {} };
}

/** Makes the next step of a telephone call. @throws AppError of the cluster, or as `dialOnce` */
export async function runPhoneCall(ctx: Ctx, { row, ...ground }: PhoneCallToAdvance): Promise<PhoneCallStep> {
  const nowMs = ctx.clock.now();
  const line = lineOf(ctx, row.cluster);
  if (isOver(row)) return hangUpLate(row, line);
  const stopReason = stopReasonOf(row, ground);
  const { trunk } = ground;
  if (row.dialedAt === null) {
    if (stopReason !== null) return { row, change: moveTo(row, 'ended', stopReason, nowMs) };
    if (nowMs - row.createdAt.getTime() > DIAL_WITHIN_MS)
      return { row, change: moveTo(row, 'failed', 'too_late', nowMs) };
    // Without a cluster its calls are over, and without a trunk there is a reason to stop.
    return line && trunk
      ? dialOnce(ctx, row, line, trunk)
      : { row, change: moveTo(row, 'failed', 'lost', nowMs) };
  }
  const phone = await line?.find(row.callId, identityOf(row));
  if (!phone) return { row, change: changeByAbsence(row, stopReason, ground, nowMs) };
  if (stopReason === null) return { row, change: changeByPresence(row, phone, nowMs) };
  await line!.hangUp(row.callId, identityOf(row));
  return { row, change: { connectionSid: phone.sid, ...moveTo(row, 'ending', stopReason, nowMs) } };
}
