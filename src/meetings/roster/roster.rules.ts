import type { CallParticipant } from '../calls/index.ts';
import type { LiveParticipant } from '../clusters/index.ts';
import type { LiveRoster, RosterEntry } from '../realtime/index.ts';
import type { PresentView } from './roster.schemas.ts';

/** What each source says; null for one that did not answer. */
export interface Sources {
  /** Who has a place in the call, by the ledger. */
  seats: readonly Pick<CallParticipant, 'id' | 'identity' | 'name' | 'role' | 'kind' | 'status'>[];
  media: readonly LiveParticipant[] | null;
  live: LiveRoster | null;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Who somebody is whom only the cluster knows: an agent, a recorder of its own, or a stranger. */
function strangerOf({ identity, name }: LiveParticipant): Pick<PresentView, 'name' | 'role' | 'kind'> {
  const shown = name || identity;
  if (identity.startsWith('agt_')) return { name: shown, role: 'agent', kind: 'agent' };
  return { name: shown, role: identity.startsWith('EG_') ? 'observer' : 'participant', kind: 'service' };
}

const mediaOf = ({ joinedAtMs, tracks }: LiveParticipant): PresentView['media'] => ({
  joinedAt: iso(joinedAtMs),
  tracks: tracks.map(({ sid: trackSid, kind, source, muted }) => ({ trackSid, kind, source, muted })),
});

const socketOf = ({ joinedAt, connections, handRaisedAt }: RosterEntry): PresentView['socket'] => ({
  joinedAt,
  connections,
  handRaisedAt,
});

const cameAt = ({ media, socket }: PresentView): string =>
  [media?.joinedAt, socket?.joinedAt].filter((at) => at !== undefined).toSorted()[0] ?? '';

/**
 * Who is in the room, out of all sources. Name, role and kind are the ledger's where it knows them, but a role that the
 * live room knows is the newest. While the cluster does not answer, those are shown whom the ledger has as connected.
 */
export function mergeRoster({ seats, media, live }: Sources): PresentView[] {
  const seatOf = new Map(seats.map((seat) => [seat.identity, seat]));
  const connected = (media ?? []).filter(({ state }) => state !== 'disconnected');
  const mediaBy = new Map(connected.map((each) => [each.identity, each]));
  const socketBy = new Map((live?.people ?? []).map((each) => [each.identity, each]));
  const ledger = media ? [] : seats.filter(({ status }) => status === 'connected');
  const there = [...mediaBy.keys(), ...socketBy.keys(), ...ledger.map(({ identity }) => identity)];
  return [...new Set(there)]
    .map((identity): PresentView => {
      const [seat, atCluster, socket] = [seatOf.get(identity), mediaBy.get(identity), socketBy.get(identity)];
      const { name, role, kind } = seat ?? socket ?? strangerOf(atCluster!);
      return {
        participantId: seat?.id ?? socket?.participantId ?? null,
        identity,
        name,
        role: socket?.role ?? role,
        kind,
        media: atCluster ? mediaOf(atCluster) : null,
        socket: socket ? socketOf(socket) : null,
      };
    })
    .toSorted((a, b) => (cameAt(a) < cameAt(b) ? -1 : cameAt(a) > cameAt(b) ? 1 : 0));
}
