import type { LedgerState } from '../ledger/index.ts';

/** What a call's ledger takes of one identity before they are sent out: a connection each minute of a working day. */
const MAX_CONNECTIONS = 500;
const MAX_TRACKS = 2_000;

export interface IdentityUsage {
  identity: string;
  connections: number;
  tracks: number;
}

/** What a view holds of each identity. */
function usageByIdentity({ connections, tracks }: LedgerState): Map<string, IdentityUsage> {
  const usage = new Map<string, IdentityUsage>();
  const identities = new Map(connections.map(({ sid, identity }) => [sid, identity]));
  const add = (identity: string | undefined, what: 'connections' | 'tracks') => {
    if (identity === undefined) return;
    const sums = usage.get(identity) ?? { identity, connections: 0, tracks: 0 };
    sums[what]++;
    usage.set(identity, sums);
  };
  for (const { identity } of connections) add(identity, 'connections');
  for (const { connectionSid } of tracks) add(identities.get(connectionSid), 'tracks');
  return usage;
}

/**
 * Of whom a step of the ledger took one too many; who was let in again may have as many once more. Nothing of what was
 * told is left out of the ledger for that: it would depend on the order.
 */
export function findExcessiveUsage(before: LedgerState, after: LedgerState): IdentityUsage[] {
  const usageBefore = usageByIdentity(before);
  const crossesLimit = (was: number, is: number, limit: number) =>
    Math.floor((is - 1) / limit) > Math.max(0, Math.floor((was - 1) / limit));
  return [...usageByIdentity(after).values()].filter(({ identity, connections, tracks }) => {
    const was = usageBefore.get(identity);
    return (
      crossesLimit(was?.connections ?? 0, connections, MAX_CONNECTIONS) ||
      crossesLimit(was?.tracks ?? 0, tracks, MAX_TRACKS)
    );
  });
}
