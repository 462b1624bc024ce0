import { type LedgerState, deriveParticipants } from '../ledger/index.ts';
import type { ParticipantKind } from './calls.enums.ts';
import type { CallParticipant, LedgerRows } from './ledger-rows.rules.ts';

/** The kind of an identity without a seat, by its prefix. */
function kindOfIdentity(identity: string): ParticipantKind {
  if (identity.startsWith('usr_')) return 'user';
  if (identity.startsWith('gst_')) return 'guest';
  // `sip_` is how LiveKit names those who call in.
  if (/^(?:phc|sip)_/.test(identity)) return 'phone';
  return identity.startsWith('agt_') ? 'agent' : 'service';
}

/**
 * The role of an identity without a seat. The cluster's recorders (`EG_…`) are observers. An ingress (`ing_…`) has the role of an agent: it
 * publishes for everybody, is counted by no limit of people, and keeps no call open.
 */
function roleOfIdentity(identity: string): CallParticipant['role'] {
  if (/^(?:agt|ing)_/.test(identity)) return 'agent';
  return identity.startsWith('EG_') ? 'observer' : 'participant';
}

/** The row of a participant that connected without a seat. */
const newParticipantRow = (
  { id: callId, organizationId }: LedgerRows['call'],
  identity: string,
  { id, now }: { id: string; now: Date },
): CallParticipant => ({
  id,
  organizationId,
  callId,
  identity,
  kind: kindOfIdentity(identity),
  userId: null,
  name: identity,
  role: roleOfIdentity(identity),
  status: 'waiting',
  credential: null,
  seatSince: null,
  seatUntil: null,
  network: null,
  linkId: null,
  joinedAt: null,
  leftAt: null,
  connectedMs: 0,
  region: null,
  createdAt: now,
  updatedAt: now,
});

const toDate = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

const ledgerColumns = ({ name, status, joinedAt, leftAt, connectedMs }: CallParticipant): string =>
  JSON.stringify([name, status, joinedAt, leftAt, connectedMs]);

/** The participants' rows that differ from the ledger's new state, as they are to be stored. */
export function changedParticipantRows(
  { call, participants }: LedgerRows,
  before: LedgerState,
  after: LedgerState,
  { now, newId }: { now: Date; newId: () => string },
): CallParticipant[] {
  const rows = new Map(participants.map((row) => [row.identity, row]));
  const statesBefore = deriveParticipants(before);
  return [...deriveParticipants(after).values()].flatMap((person) => {
    const { identity, status, joinedAtMs, leftAtMs, connectedMs } = person;
    const existingRow = rows.get(identity);
    const row = existingRow ?? newParticipantRow(call, identity, { id: newId(), now });
    // The name of the latest token counts until the cluster reports another one.
    const renamed = person.name !== '' && person.name !== statesBefore.get(identity)?.name;
    const name = renamed ? person.name : row.name;
    const [joinedAt, leftAt] = [toDate(joinedAtMs), toDate(leftAtMs)];
    const updatedRow: CallParticipant = {
      ...row,
      name,
      status,
      joinedAt,
      leftAt,
      connectedMs,
      updatedAt: now,
    };
    return existingRow && ledgerColumns(existingRow) === ledgerColumns(updatedRow) ? [] : [updatedRow];
  });
}
