import type { CallParticipant } from '../../calls/calls/index.ts';
import type { ClusterParticipant } from '../../calls/clusters/index.ts';
import type { LiveRoster, LiveRosterEntry } from '../../realtime/protocol/index.ts';
import type { RosterPersonView } from './roster.schemas.ts';

/** What each source says; null for one that did not answer. */
export interface RosterSources {
  /** Who has a place in the call, by the ledger. */
  seats: readonly Pick<CallParticipant, 'id' | 'identity' | 'name' | 'role' | 'kind' | 'status'>[];
  media: readonly ClusterParticipant[] | null;
  live: LiveRoster | null;
}

const toIso = (ms: number) => new Date(ms).toISOString();

/** Who somebody is whom only the cluster knows: an agent, a recorder of its own, or a stranger. */
function unlistedParticipant({
  identity,
  name,
}: ClusterParticipant): Pick<RosterPersonView, 'name' | 'role' | 'kind'> {
  const displayName = name || identity;
  if (identity.startsWith('agt_')) return { name: displayName, role: 'agent', kind: 'agent' };
  return {
    name: displayName,
    role: identity.startsWith('EG_') ? 'observer' : 'participant',
    kind: 'service',
  };
}

const presentMedia = ({ joinedAtMs, tracks }: ClusterParticipant): RosterPersonView['media'] => ({
  joinedAt: toIso(joinedAtMs),
  tracks: tracks.map(({ sid: trackSid, kind, source, muted }) => ({ trackSid, kind, source, muted })),
});

const presentSocket = ({
  joinedAt,
  connections,
  handRaisedAt,
}: LiveRosterEntry): RosterPersonView['socket'] => ({
  joinedAt,
  connections,
  handRaisedAt,
});

const arrivedAt = ({ media, socket }: RosterPersonView): string =>
  [media?.joinedAt, socket?.joinedAt].filter((at) => at !== undefined).toSorted()[0] ?? '';

/**
 * Who is in the room, out of all sources. Name, role and kind are the ledger's where it knows them, but a role that the
 * live room knows is the newest. While the cluster does not answer, those are shown whom the ledger has as connected.
 */
export function mergeRoster({ seats, media, live }: RosterSources): RosterPersonView[] {
  const seatByIdentity = new Map(seats.map((seat) => [seat.identity, seat]));
  const connected = (media ?? []).filter(({ state }) => state !== 'disconnected');
  const mediaByIdentity = new Map(connected.map((each) => [each.identity, each]));
  const socketByIdentity = new Map((live?.people ?? []).map((each) => [each.identity, each]));
  const ledgerConnected = media ? [] : seats.filter(({ status }) => status === 'connected');
  const identities = [
    ...mediaByIdentity.keys(),
    ...socketByIdentity.keys(),
    ...ledgerConnected.map(({ identity }) => identity),
  ];
  return [...new Set(identities)]
    .map((identity): RosterPersonView => {
      const [seat, atCluster, socket] = [
        seatByIdentity.get(identity),
        mediaByIdentity.get(identity),
        socketByIdentity.get(identity),
      ];
      const { name, role, kind } = seat ?? socket ?? unlistedParticipant(atCluster!);
      return {
        participantId: seat?.id ?? socket?.participantId ?? null,
        identity,
        name,
        role: socket?.role ?? role,
        kind,
        media: atCluster ? presentMedia(atCluster) : null,
        socket: socket ? presentSocket(socket) : null,
      };
    })
    .toSorted((a, b) => (arrivedAt(a) < arrivedAt(b) ? -1 : arrivedAt(a) > arrivedAt(b) ? 1 : 0));
}
