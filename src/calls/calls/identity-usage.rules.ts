import type { LedgerState } from '../ledger/index.ts';

/** What one identity may add to a call's ledger before it is removed: a connection each minute of a working day. */
const MAX_CONNECTIONS = 500;
const MAX_TRACKS = 2_000;

export interface IdentityUsage {
  identity: string;
  connections: number;
  tracks: number;
}

/** The connections and tracks of each identity. */
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
 * The identities that crossed a limit between two states; one that is readmitted may add as many once more. Nothing is
 * left out of the ledger because of the limit: then it would depend on the order of the reports.
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
