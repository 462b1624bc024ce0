import { type Call, type Seat, takeSeat } from '../../calls/calls/index.ts';
import { holdMinutes } from '../../calls/minutes/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import {
  requireModerator,
  requireRoomAccess,
  type RoomAccess,
  type RoomAccessRequest,
} from '../../rooms/access/index.ts';
import { type PhoneTrunk, phoneTrunkErrors, selectTrunk } from '../phone-trunks/index.ts';
import { changeEventOf } from './phone-call-records.ts';
import { sealDigits } from './digits-secret.ts';
import { phoneCallErrors } from './phone-calls.errors.ts';
import { insertPhoneCall, selectRemovedNumber } from './phone-calls.queries.ts';
import { maskNumber, NOT_TRANSFERRED, prefixOf } from './phone-calls.rules.ts';
import type { CreatePhoneCall } from './phone-calls.schemas.ts';
import type { PhoneCall } from './phone-calls.tables.ts';

/** How much longer than it rings a seat is kept: until the cluster has begun. */
const SEAT_MARGIN_SECONDS = 60;

/** The active call of the room, if a telephone may come into it. @throws AppError `phone_calls.no_call`, `phone_calls.needs_consent` */
function requireCall({ ports }: Ctx, { room, call }: RoomAccess): Call {
  if (call?.status !== 'active' || !ports.clusters.names.includes(call.cluster))
    throw phoneCallErrors.noCall();
  if (room.recordingConsent === 'required') throw phoneCallErrors.needsConsent();
  return call;
}

/** What the trunk allows of the call. @throws AppError `phone_trunks.not_found`, `phone_calls.*` */
function requireAllowed(trunk: PhoneTrunk | undefined, { number, callerNumber }: CreatePhoneCall) {
  if (!trunk) throw phoneTrunkErrors.notFound();
  if (!trunk.enabled) throw phoneCallErrors.trunkDisabled();
  const prefix = prefixOf(number, trunk);
  if (prefix === undefined) throw phoneCallErrors.numberNotAllowed();
  const caller = callerNumber ?? trunk.numbers[0]!;
  if (!trunk.numbers.includes(caller)) throw phoneCallErrors.unknownCallerNumber();
  return { prefix, callerNumber: caller };
}

const seatOf = (
  { organizationId, id: callId }: Call,
  { id: identity, name, participantId, ringSeconds, createdAt }: PhoneCall,
): Seat => ({
  id: participantId,
  organizationId,
  callId,
  identity,
  kind: 'phone',
  userId: null,
  name,
  role: 'participant',
  status: 'waiting',
  credential: null,
  seatSince: createdAt,
  seatUntil: new Date(createdAt.getTime() + (ringSeconds + SEAT_MARGIN_SECONDS) * 1000),
  network: null,
  linkId: null,
  joinedAt: null,
  leftAt: null,
  connectedMs: 0,
  region: null,
  createdAt,
  updatedAt: createdAt,
});

/**
 * Calls a telephone into the active call of a room: it gets a seat there, if the room, the minutes and the spending
 * limit of the organization allow it; within seconds the cluster dials, by a subscriber of the event.
 * @throws AppError `rooms.*`, `moderation.not_moderator`, `phone_calls.*`, `phone_trunks.not_found` or `billing.*`
 */
export async function createPhoneCall(
  ctx: Ctx,
  request: RoomAccessRequest,
  input: CreatePhoneCall,
): Promise<PhoneCall> {
  const { organizationId } = ctx;
  const [access, [trunk], [removed]] = await requireRoomAccess(ctx, request, (q) => [
    selectTrunk(q, organizationId, input.phoneTrunkId),
    selectRemovedNumber(q, organizationId, request.roomId, input.number),
  ]);
  requireModerator(access);
  const call = requireCall(ctx, access);
  const allowed = requireAllowed(trunk, input);
  if (removed) throw phoneCallErrors.keptOut();
  const row = await buildPhoneCall(ctx, access, call, { ...input, ...allowed });
  const { number, name, phoneTrunkId, prefix } = row;
  return ctx.commit({
    write: (q) => [
      holdMinutes(q, { organizationId, callId: call.id, identity: row.id, now: row.createdAt }),
      takeSeat(q, seatOf(call, row), access.room.capacity),
      ...insertPhoneCall(q, row),
    ],
    audit: {
      action: 'phone_call.requested',
      target: { type: 'room', id: row.roomId },
      after: { phoneCallId: row.id, phoneTrunkId, number: maskNumber(number), prefix, name },
    },
    events: [changeEventOf(row)],
    result: row,
  });
}

const NOT_DIALED = {
  direction: 'out',
  phoneNumberId: null,
  callerIdentity: null,
  state: 'requested',
  reason: null,
  dialedAt: null,
  connectionSid: null,
  missingAt: null,
  ...NOT_TRANSFERRED,
  answeredAt: null,
  endedAt: null,
} as const;

async function buildPhoneCall(
  ctx: Ctx,
  { room, identity: requestedBy }: RoomAccess,
  { id: callId, cluster }: Call,
  input: CreatePhoneCall & { prefix: string; callerNumber: string },
): Promise<PhoneCall> {
  const id = ctx.ids.create('phoneCall');
  const now = new Date(ctx.clock.now());
  const {
    phoneTrunkId,
    number,
    callerNumber,
    prefix,
    name = maskNumber(number),
    digits,
    ringSeconds,
  } = input;
  return {
    id,
    organizationId: ctx.organizationId,
    roomId: room.id,
    callId,
    cluster,
    participantId: ctx.ids.create('participant'),
    phoneTrunkId,
    number,
    callerNumber,
    prefix,
    name,
    sealedDigits: digits === undefined ? null : await sealDigits(ctx, id, digits),
    ringSeconds,
    ...NOT_DIALED,
    stateAt: now,
    requestedBy,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}
