import type { Fact, LeaveReason } from '../../calls/ledger/index.ts';
import type { ClusterPhone } from '../../calls/clusters/index.ts';
import type { PhoneTrunk } from '../phone-trunks/index.ts';
import type { PhoneCallReason, PhoneCallState, PhoneCallStopReason } from './phone-calls.enums.ts';
import type { PhoneCall } from './phone-calls.tables.ts';

export type PhoneCallChange = Partial<PhoneCall>;

/** Until then a participant may still come: a cluster may work on a request for thirty seconds whose answer was lost. */
export const COMING_MS = 40_000;
/** How long the ledger may not know why a participant left. */
const UNEXPLAINED_MS = 90_000;
/** How long a telephone call lasts at most: four hours. */
export const MAX_TALK_SECONDS = 14_400;
/** A call that could not be dialed for so long is given up: the person who asked for it no longer expects it. */
export const DIAL_WITHIN_MS = 120_000;
/** Between two looks at a call that is dialed, rings or ends. */
export const LOOK_MS = 2_000;

/** What decides whether a telephone call may continue. */
export interface PhoneCallGround {
  isOrganizationDeleted: boolean;
  isRoomDeleted: boolean;
  /** By the plan. */
  isIncluded: boolean;
  /** Whether the plan or the spending limit of the organization leaves no telephone minutes. */
  areMinutesUsedUp: boolean;
  isCallActive: boolean;
  /** By a moderator. */
  isRemoved: boolean;
  trunk: PhoneTrunk | null;
  /** Whether the number that it came in by still takes calls. */
  isNumberOpen: boolean;
  /** The last connection of its participant, as the ledger knows it; null before one was reported. */
  connection: { leaveReason: LeaveReason | null; leftAt: Date | null; left: Fact | null } | null;
}

/** The columns of a telephone call without a transfer. */
export const NOT_TRANSFERRED = {
  transferNumber: null,
  transferState: null,
  transfers: 0,
  transferredAt: null,
} as const;

/** Why a telephone call must end; null while it may continue. */
export function stopReasonOf(row: PhoneCall, ground: PhoneCallGround): PhoneCallStopReason | null {
  if (row.state === 'ending') return row.reason as PhoneCallStopReason;
  if (ground.isOrganizationDeleted) return 'organization_deleted';
  if (ground.isRoomDeleted) return 'room_deleted';
  if (!ground.isIncluded) return 'not_included';
  if (!ground.isCallActive) return 'call_ended';
  if (ground.isRemoved) return 'removed';
  if (ground.areMinutesUsedUp) return 'limit_reached';
  if (row.direction === 'in') return ground.isNumberOpen ? null : 'number_closed';
  return ground.trunk?.enabled ? null : 'trunk_closed';
}

export const isOver = ({ state }: Pick<PhoneCall, 'state'>): boolean =>
  state === 'ended' || state === 'failed';

/** Moves to a state, unless that is the present one. */
export function moveTo(
  row: PhoneCall,
  state: PhoneCallState,
  reason: PhoneCallReason | null,
  nowMs: number,
): PhoneCallChange {
  if (row.state === state && row.reason === reason) return {};
  const now = new Date(nowMs);
  const isEnd = state === 'ended' || state === 'failed';
  return { state, reason, stateAt: now, ...(isEnd ? { endedAt: now, sealedDigits: null } : {}) };
}

/** The longest prefix of the trunk that a number begins with; undefined when it may not be called. */
export const prefixOf = (number: string, { allowedPrefixes }: Pick<PhoneTrunk, 'allowedPrefixes'>) =>
  allowedPrefixes.filter((prefix) => number.startsWith(prefix)).toSorted((a, b) => b.length - a.length)[0];

/** A number as everybody may see it. */
export const maskNumber = (number: string): string => `Phone …${number.slice(-4)}`;

/** The identity of its participant. */
export const identityOf = ({ id, callerIdentity }: Pick<PhoneCall, 'id' | 'callerIdentity'>): string =>
  callerIdentity ?? id;

/** Whether the cluster gave this identity to somebody who called in. */
export const isCallerIdentity = (identity: string): boolean => identity.startsWith('sip_');

/** Whether an identity in a call is that of a telephone call. */
export const isPhoneIdentity = (identity: string): boolean => /^phc_[a-z0-9]{26}$/.test(identity);

const STATE_OF: Readonly<Record<Exclude<ClusterPhone['status'], 'ended'>, PhoneCallState>> = {
  dialing: 'dialing',
  ringing: 'ringing',
  active: 'active',
};

/** The changes when its participant is in the call. */
export function changeByPresence(row: PhoneCall, phone: ClusterPhone, nowMs: number): PhoneCallChange {
  const seen = { connectionSid: phone.sid, missingAt: null };
  // Its end follows. A telephone that was answered does not ring again.
  if (phone.status === 'ended' || row.state === 'active') return seen;
  const isAnswered = phone.status === 'active';
  return {
    ...seen,
    ...moveTo(row, STATE_OF[phone.status], null, nowMs),
    ...(isAnswered ? { answeredAt: new Date(nowMs) } : {}),
  };
}

/** The outcome by how a connection ended. */
const OUTCOMES: Partial<Readonly<Record<LeaveReason, [PhoneCallState, PhoneCallReason]>>> = {
  unanswered: ['failed', 'no_answer'],
  declined: ['failed', 'declined'],
  line_failed: ['failed', 'line_failed'],
  removed: ['ended', 'removed'],
  call_ended: ['ended', 'call_ended'],
};

/** How a telephone call ended whose participant has left: before an answer for no reason of its own when the line failed. */
function outcomeOf(row: PhoneCall, reason: LeaveReason | null): [PhoneCallState, PhoneCallReason] {
  const known = reason === null ? undefined : OUTCOMES[reason];
  if (known) return known;
  if (row.answeredAt !== null) return ['ended', reason === 'left' ? 'hung_up' : 'lost'];
  return ['failed', reason === null || reason === 'left' ? 'line_failed' : 'lost'];
}

/** Whether a sweep missed the participant before the cluster reported why they left. */
const isUnexplained = ({ left, leaveReason }: NonNullable<PhoneCallGround['connection']>) =>
  left?.how === 'inferred' && leaveReason === null;

/** What follows when its participant is not in the call. */
export function changeByAbsence(
  row: PhoneCall,
  stopReason: PhoneCallStopReason | null,
  { connection }: PhoneCallGround,
  nowMs: number,
): PhoneCallChange {
  const wasThere = row.connectionSid !== null || connection !== null;
  const mayCome = !wasThere && row.dialedAt !== null && nowMs - row.dialedAt.getTime() < COMING_MS;
  if (mayCome) return stopReason === null ? {} : moveTo(row, 'ending', stopReason, nowMs);
  if (stopReason !== null) return moveTo(row, 'ended', stopReason, nowMs);
  if (!wasThere) return moveTo(row, 'failed', 'lost', nowMs);
  const missingAt = row.missingAt ?? new Date(nowMs);
  const mayBeExplained = nowMs - missingAt.getTime() < UNEXPLAINED_MS;
  if (connection?.leftAt && !(isUnexplained(connection) && mayBeExplained)) {
    const [state, reason] = outcomeOf(row, connection.leaveReason);
    return { ...moveTo(row, state, reason, nowMs), endedAt: connection.leftAt };
  }
  if (mayBeExplained) return { missingAt };
  return moveTo(row, row.answeredAt ? 'ended' : 'failed', 'lost', nowMs);
}

/** Whether something will change soon that no event reports: the cluster reports no ringing and no answer. */
export const needsLook = (row: PhoneCall): boolean =>
  !isOver(row) && row.state !== 'requested' && (row.state !== 'active' || row.missingAt !== null);
