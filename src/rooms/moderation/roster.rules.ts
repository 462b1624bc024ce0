import type { CallParticipant } from '../../calls/calls/index.ts';
import type { ClusterParticipant } from '../../calls/clusters/index.ts';
import type { LiveRoster, LiveRosterEntry } from '../../realtime/protocol/index.ts';
import type { RosterPersonView } from './roster.schemas.ts';

/** The answers of the sources; null for one that did not answer. */
export interface RosterSources {
  /** People with a seat in the call, by the ledger. */
  seats: readonly Pick<CallParticipant, 'id' | 'identity' | 'name' | 'role' | 'kind' | 'status'>[];
  media: readonly ClusterParticipant[] | null;
  live: LiveRoster | null;
}

const toIso = (ms: number) => new Date(ms).toISOString();

/** A participant whom only the cluster lists: an agent, one of its own recorders, or an unknown client. */
function unlistedParticipant({
  identity,
  name,
}: ClusterParticipant): Pick<RosterPersonView, 'name' | 'role' | 'kind'> {
  const displayName = name || identity;
  if (identity.startsWith('agt_')) return { name: displayName, role: 'agent', kind: 'agent' };
  if (identity.startsWith('ing_')) return { name: displayName, role: 'agent', kind: 'service' };
  if (/^(?:phc|sip)_/.test(identity)) return { name: displayName, role: 'participant', kind: 'phone' };
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
 * Merges the sources into one list, in the order of arrival. Name, role and kind come from the ledger where it has them,
 * but the live room's role is newer. Without an answer of the cluster, people whom the ledger has as connected are listed.
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
