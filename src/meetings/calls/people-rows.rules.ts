import { type LedgerView, peopleOf } from '../ledger/index.ts';
import type { ParticipantKind } from './calls.words.ts';
import type { CallParticipant, LedgerRows } from './ledger-rows.rules.ts';

/** Who a text stands for that nobody here gave a seat; see the district's nouns. */
function kindOf(identity: string): ParticipantKind {
  if (identity.startsWith('usr_')) return 'user';
  if (identity.startsWith('gst_')) return 'guest';
  return identity.startsWith('agt_') ? 'agent' : 'service';
}

/** Recorders of the cluster's own are there unseen. */
function roleOf(identity: string): CallParticipant['role'] {
  if (identity.startsWith('agt_')) return 'agent';
  return identity.startsWith('EG_') ? 'observer' : 'participant';
}

/** Somebody who came to the call without a seat of ours. */
const stranger = (
  { id: callId, organizationId }: LedgerRows['call'],
  identity: string,
  { id, now }: { id: string; now: Date },
): CallParticipant => ({
  id,
  organizationId,
  callId,
  identity,
  kind: kindOf(identity),
  userId: null,
  name: identity,
  role: roleOf(identity),
  status: 'waiting',
  seatSince: null,
  seatUntil: null,
  joinedAt: null,
  leftAt: null,
  connectedMs: 0,
  region: null,
  createdAt: now,
  updatedAt: now,
});

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

const columns = ({ name, status, joinedAt, leftAt, connectedMs }: CallParticipant): string =>
  JSON.stringify([name, status, joinedAt, leftAt, connectedMs]);

/** The people whose rows are not what the ledger comes to, as they are to be stored. */
export function changedPeople(
  { call, people }: LedgerRows,
  before: LedgerView,
  after: LedgerView,
  { now, newId }: { now: Date; newId: () => string },
): CallParticipant[] {
  const rows = new Map(people.map((row) => [row.identity, row]));
  const were = peopleOf(before);
  return [...peopleOf(after).values()].flatMap((person) => {
    const { identity, status, joinedAtMs, leftAtMs, connectedMs } = person;
    const known = rows.get(identity);
    const row = known ?? stranger(call, identity, { id: newId(), now });
    // The name in a newer token counts until the cluster tells of another.
    const renamed = person.name !== '' && person.name !== were.get(identity)?.name;
    const name = renamed ? person.name : row.name;
    const [joinedAt, leftAt] = [dateOf(joinedAtMs), dateOf(leftAtMs)];
    const is: CallParticipant = { ...row, name, status, joinedAt, leftAt, connectedMs, updatedAt: now };
    return known && columns(known) === columns(is) ? [] : [is];
  });
}
