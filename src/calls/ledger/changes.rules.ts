import type { CallStatus } from './ledger.enums.ts';
import type { ConnectionState, LedgerState, TrackState } from './ledger-state.rules.ts';
import { connectedMs } from './participants.rules.ts';

/** What changes between two states of the ledger; each change becomes one event. */
export type LedgerChange =
  | { type: 'call.started' | 'call.ended' }
  | { type: 'participant.joined' | 'participant.left'; atMs: number; connection: ConnectionState }
  | { type: 'track.published' | 'track.unpublished'; atMs: number; track: TrackState };

type InnerChange = Exclude<LedgerChange, { type: 'call.started' | 'call.ended' }>;

/** The order of changes at the same moment. */
const CHANGE_ORDER = ['participant.joined', 'track.published', 'track.unpublished', 'participant.left'];

export const isOver = (status: CallStatus): boolean => status === 'ended' || status === 'failed';
const hasBegun = (status: CallStatus): boolean => status === 'active' || status === 'ended';

/** Whether something began, ended, or both between two states; something that is back has begun again. */
function transition(was: boolean | undefined, wasOver: boolean | undefined, isOverNow: boolean) {
  const began = !was || (wasOver === true && !isOverNow);
  return { began, ended: isOverNow && (began || wasOver === false) };
}

function connectionChanges(before: LedgerState, after: LedgerState): InnerChange[] {
  const previousBySid = new Map(
    before.connections.filter((each) => each.connected).map((each) => [each.sid, each]),
  );
  return after.connections
    .filter((each) => each.connected)
    .flatMap((connection): InnerChange[] => {
      const was = previousBySid.get(connection.sid);
      const { joined, left } = connection;
      const { began, ended } = transition(was !== undefined, was && was.left !== null, left !== null);
      return [
        ...(began ? [{ type: 'participant.joined' as const, atMs: joined.atMs, connection }] : []),
        ...(ended ? [{ type: 'participant.left' as const, atMs: left!.atMs, connection }] : []),
      ];
    });
}

function trackChanges(before: LedgerState, after: LedgerState): InnerChange[] {
  const previousBySid = new Map(before.tracks.map((each) => [each.sid, each]));
  return after.tracks.flatMap((track): InnerChange[] => {
    const was = previousBySid.get(track.sid);
    const { published, unpublished } = track;
    const { began, ended } = transition(
      was !== undefined,
      was && was.unpublished !== null,
      unpublished !== null,
    );
    return [
      ...(began ? [{ type: 'track.published' as const, atMs: published.atMs, track }] : []),
      ...(ended ? [{ type: 'track.unpublished' as const, atMs: unpublished!.atMs, track }] : []),
    ];
  });
}

/** The changes between two states, in the order in which they happened. */
export function listLedgerChanges(before: LedgerState, after: LedgerState): LedgerChange[] {
  const [was, is] = [before.call.status, after.call.status];
  const starts = hasBegun(is) && (!hasBegun(was) || (isOver(was) && !isOver(is)));
  // A failed call that turns out to have taken place has ended already.
  const ends = isOver(is) && !isOver(was);
  const innerChanges = [...connectionChanges(before, after), ...trackChanges(before, after)].sort(
    (a, b) => a.atMs - b.atMs || CHANGE_ORDER.indexOf(a.type) - CHANGE_ORDER.indexOf(b.type),
  );
  return [
    ...(starts ? [{ type: 'call.started' as const }] : []),
    ...innerChanges,
    ...(ends ? [{ type: 'call.ended' as const }] : []),
  ];
}

/** The sids of connections whose duration became known, or is another one than before. */
export function connectionsWithChangedTime(before: LedgerState, after: LedgerState): string[] {
  const previous = new Map(before.connections.map((each) => [each.sid, connectedMs([each])]));
  return after.connections
    .filter((each) => connectedMs([each]) !== (previous.get(each.sid) ?? 0))
    .map(({ sid }) => sid);
}
