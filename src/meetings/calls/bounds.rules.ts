import type { LedgerView } from '../ledger/index.ts';

/** What a call's ledger takes of one identity before they are sent out: a connection each minute of a working day. */
const MAX_CONNECTIONS = 500;
const MAX_TRACKS = 2_000;

export interface Held {
  identity: string;
  connections: number;
  tracks: number;
}

/** What a view holds of each identity. */
function heldOf({ connections, tracks }: LedgerView): Map<string, Held> {
  const held = new Map<string, Held>();
  const identities = new Map(connections.map(({ sid, identity }) => [sid, identity]));
  const add = (identity: string | undefined, what: 'connections' | 'tracks') => {
    if (identity === undefined) return;
    const sums = held.get(identity) ?? { identity, connections: 0, tracks: 0 };
    sums[what]++;
    held.set(identity, sums);
  };
  for (const { identity } of connections) add(identity, 'connections');
  for (const { connectionSid } of tracks) add(identities.get(connectionSid), 'tracks');
  return held;
}

/**
 * Of whom a step of the ledger took one too many; who was let in again may have as many once more. Nothing of what was
 * told is left out of the ledger for that: it would depend on the order.
 */
export function excessive(before: LedgerView, after: LedgerView): Held[] {
  const had = heldOf(before);
  const passes = (was: number, is: number, most: number) =>
    Math.floor((is - 1) / most) > Math.max(0, Math.floor((was - 1) / most));
  return [...heldOf(after).values()].filter(({ identity, connections, tracks }) => {
    const was = had.get(identity);
    return (
      passes(was?.connections ?? 0, connections, MAX_CONNECTIONS) ||
      passes(was?.tracks ?? 0, tracks, MAX_TRACKS)
    );
  });
}
