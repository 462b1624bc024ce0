import type { CallStatus } from './ledger.words.ts';
import type { ConnectionView, LedgerView, TrackView } from './view.rules.ts';

/** What others are told of: each happens once for each turn that the ledger takes. */
export type Happening =
  | { type: 'call.started' | 'call.ended' }
  | { type: 'participant.joined' | 'participant.left'; atMs: number; connection: ConnectionView }
  | { type: 'track.published' | 'track.unpublished'; atMs: number; track: TrackView };

type Within = Exclude<Happening, { type: 'call.started' | 'call.ended' }>;

/** In which order things of the same moment are told. */
const ORDER = ['participant.joined', 'track.published', 'track.unpublished', 'participant.left'];

export const isOver = (status: CallStatus): boolean => status === 'ended' || status === 'failed';
const hasBegun = (status: CallStatus): boolean => status === 'active' || status === 'ended';

/** What turned between two states of one thing: it began, it ended, or both; one that is back has begun again. */
function turns(was: boolean | undefined, wasOver: boolean | undefined, over: boolean) {
  const began = !was || (wasOver === true && !over);
  return { began, ended: over && (began || wasOver === false) };
}

function ofConnections(before: LedgerView, after: LedgerView): Within[] {
  const known = new Map(before.connections.filter((each) => each.connected).map((each) => [each.sid, each]));
  return after.connections
    .filter((each) => each.connected)
    .flatMap((connection): Within[] => {
      const was = known.get(connection.sid);
      const { joined, left } = connection;
      const { began, ended } = turns(was !== undefined, was && was.left !== null, left !== null);
      return [
        ...(began ? [{ type: 'participant.joined' as const, atMs: joined.atMs, connection }] : []),
        ...(ended ? [{ type: 'participant.left' as const, atMs: left!.atMs, connection }] : []),
      ];
    });
}

function ofTracks(before: LedgerView, after: LedgerView): Within[] {
  const known = new Map(before.tracks.map((each) => [each.sid, each]));
  return after.tracks.flatMap((track): Within[] => {
    const was = known.get(track.sid);
    const { published, unpublished } = track;
    const { began, ended } = turns(was !== undefined, was && was.unpublished !== null, unpublished !== null);
    return [
      ...(began ? [{ type: 'track.published' as const, atMs: published.atMs, track }] : []),
      ...(ended ? [{ type: 'track.unpublished' as const, atMs: unpublished!.atMs, track }] : []),
    ];
  });
}

/** What is to be told of a step of the ledger, in the order it happened. */
export function happenings(before: LedgerView, after: LedgerView): Happening[] {
  const [was, is] = [before.call.status, after.call.status];
  const starts = hasBegun(is) && (!hasBegun(was) || (isOver(was) && !isOver(is)));
  // One that had failed and turns out to have been was told to be over already.
  const ends = isOver(is) && !isOver(was);
  const between = [...ofConnections(before, after), ...ofTracks(before, after)].sort(
    (a, b) => a.atMs - b.atMs || ORDER.indexOf(a.type) - ORDER.indexOf(b.type),
  );
  return [
    ...(starts ? [{ type: 'call.started' as const }] : []),
    ...between,
    ...(ends ? [{ type: 'call.ended' as const }] : []),
  ];
}
