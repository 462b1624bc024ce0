import { takeSeat } from '../../calls/calls/index.ts';
import type { ClusterPhone } from '../../calls/clusters/index.ts';
import { holdMinutes } from '../../calls/minutes/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { AppError } from '../../kernel/core/index.ts';
import {
  changeEventOf,
  holdPhoneMinutes,
  insertIncomingCall,
  isCallerIdentity,
  NOT_TRANSFERRED,
  type PhoneCall,
  type PhoneCallReason,
  selectOpenOfCaller,
} from '../phone-calls/index.ts';
import { selectReadyNumbers } from '../phone-numbers/index.ts';
import { selectCaller, selectDialInToAdvance } from './dial-ins.queries.ts';
import { goalOf } from './dial-ins.rules.ts';

interface Newcomer {
  callId: string;
  roomId: string;
  participantId: string;
  identity: string;
}

/** Why a commit that lets a caller in fails, as stored with the telephone call. */
const REASONS: Readonly<Record<string, PhoneCallReason>> = {
  'rooms.full': 'room_full',
  'billing.limit_reached': 'limit_reached',
  'billing.feature_not_included': 'not_included',
};

async function readGround(ctx: Ctx, { callId, roomId, participantId, identity }: Newcomer) {
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const [[dialIn], numbers, open, [caller]] = await ctx.read((q) => [
    selectDialInToAdvance(q, organizationId, roomId, now),
    selectReadyNumbers(q, organizationId),
    selectOpenOfCaller(q, organizationId, identity, callId),
    selectCaller(q, organizationId, { roomId, participantId }),
  ]);
  return { dialIn, numbers, isKnown: open.length > 0, caller };
}
type CallerGround = Awaited<ReturnType<typeof readGround>>;

/** Why a caller whom the cluster let in may not stay; null when they may. The rule may be older than the state of the room. */
function refusalOf({ dialIn, numbers, caller }: CallerGround, callId: string): PhoneCallReason | null {
  if (!dialIn || !caller) return 'not_admitted';
  if (caller.isRemoved) return 'removed';
  const { row, ...ground } = dialIn;
  const goal = goalOf(row, { ...ground, numbers });
  return goal.call?.id === callId ? null : 'not_admitted';
}

/** The telephone call of somebody who called in and is in the call. */
function buildCall(
  ctx: Ctx,
  { callId, roomId, participantId, identity }: Newcomer,
  { cluster, number }: { cluster: string; number: CallerGround['numbers'][number] | undefined },
  phone: ClusterPhone,
): PhoneCall {
  const now = new Date(ctx.clock.now());
  return {
    id: ctx.ids.create('phoneCall'),
    organizationId: ctx.organizationId,
    direction: 'in',
    roomId,
    callId,
    cluster,
    participantId,
    phoneTrunkId: null,
    phoneNumberId: number?.id ?? null,
    callerIdentity: identity,
    number: number?.number ?? '',
    callerNumber: phone.name.replace(/^Phone /, '…'),
    prefix: number?.number ?? '',
    name: phone.name,
    sealedDigits: null,
    ringSeconds: 0,
    state: 'active',
    reason: null,
    stateAt: now,
    dialedAt: now,
    connectionSid: phone.sid,
    missingAt: null,
    ...NOT_TRANSFERRED,
    answeredAt: now,
    endedAt: null,
    requestedBy: identity,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

const auditOf = ({ id: phoneCallId, roomId, name, phoneNumberId, state, reason }: PhoneCall) => ({
  action: 'phone_call.received',
  target: { type: 'room', id: roomId } as const,
  after: { phoneCallId, phoneNumberId, name, state, reason },
});

/** Gives a caller their seat, if the room, the minutes and the spending limit of the organization allow it. */
async function letIn(ctx: Ctx, row: PhoneCall, { dialIn, caller }: CallerGround): Promise<void> {
  const { organizationId, callId, createdAt: now, callerIdentity } = row;
  const seat = { ...caller!.participant, name: row.name, role: 'participant' as const };
  await ctx.commit({
    write: (q) => [
      holdMinutes(q, { organizationId, callId, identity: callerIdentity!, now }),
      takeSeat(q, { ...seat, seatSince: now, seatUntil: now, updatedAt: now }, dialIn!.room.capacity),
      holdPhoneMinutes(q, organizationId, now),
      ...insertIncomingCall(q, row),
    ],
    audit: auditOf(row),
    events: [changeEventOf(row)],
    result: undefined,
  });
}

/** Hangs up, and stores why. */
async function turnAway(ctx: Ctx, row: PhoneCall, reason: PhoneCallReason): Promise<void> {
  const line = ctx.ports.clusters.phones(row.cluster, ctx.trace);
  await line.hangUp(row.callId, row.callerIdentity!);
  const failed: PhoneCall = { ...row, state: 'failed', reason, answeredAt: null, endedAt: row.createdAt };
  await ctx.commit({
    write: (q) => insertIncomingCall(q, failed),
    audit: auditOf(failed),
    events: [changeEventOf(failed)],
    result: undefined,
  });
}

/**
 * Follows somebody whom the cluster let into a call because they pressed its PIN: they get a seat, and are a telephone call from now on; or
 * are hung up at once. It may run twice.
 * @throws AppError of the cluster, `request.stale`
 */
export async function receiveCaller(ctx: Ctx, newcomer: Newcomer): Promise<void> {
  const { callId, identity } = newcomer;
  if (!isCallerIdentity(identity)) return;
  const ground = await readGround(ctx, newcomer);
  const cluster = ground.caller?.cluster;
  if (ground.isKnown || cluster === undefined || !ctx.ports.clusters.names.includes(cluster)) return;
  const phone = await ctx.ports.clusters.phones(cluster, ctx.trace).find(callId, identity);
  if (!phone) return;
  const number = ground.numbers.find(
    (each) => each.cluster === cluster && each.clusterTrunk === phone.cameBy?.trunkId,
  );
  const row = buildCall(ctx, newcomer, { cluster, number }, phone);
  const refusal = refusalOf(ground, callId) ?? (number ? null : 'number_closed');
  if (refusal !== null) return turnAway(ctx, row, refusal);
  try {
    await letIn(ctx, row, ground);
  } catch (error) {
    const reason = error instanceof AppError ? REASONS[error.code] : undefined;
    if (reason === undefined) throw error;
    await turnAway(ctx, row, reason);
  }
}
