import type { Ids } from '../../kernel/core/index.ts';
import type { Room } from '../../rooms/rooms/index.ts';
import type { DialInReason } from './dial-ins.enums.ts';
import type { DialIn } from './dial-ins.tables.ts';

export type DialInChange = Partial<DialIn>;

/** Enough digits to make guessing hopeless at one attempt in each telephone call. LiveKit takes sixteen at most. */
const PIN_DIGITS = 10;

/** A new PIN: every one is as likely as another. */
export function createPin(ids: Ids): string {
  const [high = 0, low = 0] = new Uint32Array(ids.random(8).buffer);
  const number = ((BigInt(high) << 32n) | BigInt(low)) % 10n ** BigInt(PIN_DIGITS);
  return number.toString().padStart(PIN_DIGITS, '0');
}

/** What decides whether, and into which call, telephones may call. */
export interface DialInGround {
  isOrganizationDeleted: boolean;
  isRoomDeleted: boolean;
  /** By the plan. */
  isIncluded: boolean;
  room: Pick<Room, 'status' | 'locked' | 'lobby' | 'waitForHost' | 'recordingConsent' | 'capacity'>;
  /** The active call of the room; null for none. */
  call: { id: string; cluster: string } | null;
  /** Whether a host is or was connected to it. */
  hostCame: boolean;
  /** The numbers of the organization that take calls. */
  numbers: readonly { cluster: string; clusterTrunk: string | null }[];
}

/** The goal at the cluster of a call. */
export type DialInGoal =
  | { reason: DialInReason; call: null }
  | { reason: null; call: { id: string; cluster: string }; trunkIds: readonly [string, ...string[]] };

/** Why no newcomer comes into the room without somebody being asked; null when they do. */
function keptOutReasonOf({ room, hostCame }: DialInGround): DialInReason | null {
  if (room.status === 'ended') return 'room_ended';
  if (room.locked) return 'locked';
  if (room.lobby) return 'lobby';
  if (room.waitForHost && !hostCame) return 'waits_for_host';
  // People on the telephone cannot be asked.
  return room.recordingConsent === 'required' ? 'needs_consent' : null;
}

/** Why telephones cannot call in, whatever the cluster has; null while they may. */
function closedReasonOf(row: Pick<DialIn, 'enabled'>, ground: DialInGround): DialInReason | null {
  if (ground.isOrganizationDeleted) return 'organization_deleted';
  if (ground.isRoomDeleted) return 'room_deleted';
  if (!row.enabled) return 'disabled';
  if (!ground.isIncluded) return 'not_included';
  return keptOutReasonOf(ground) ?? (ground.numbers.length === 0 ? 'no_number' : null);
}

/** A rule lets callers in without asking here, so there is none whenever somebody would have to be asked. */
export function goalOf(row: Pick<DialIn, 'enabled'>, ground: DialInGround): DialInGoal {
  const { call, numbers } = ground;
  const reason = closedReasonOf(row, ground) ?? (call ? null : 'no_call');
  if (reason !== null || call === null) return { reason: reason ?? 'no_call', call: null };
  const [first, ...others] = numbers
    .filter(({ cluster }) => cluster === call.cluster)
    .flatMap(({ clusterTrunk }) => clusterTrunk ?? [])
    .toSorted();
  // Without a trunk a rule would be for the numbers of everybody.
  if (first === undefined) return { reason: 'other_cluster', call: null };
  return { reason: null, call, trunkIds: [first, ...others] };
}
