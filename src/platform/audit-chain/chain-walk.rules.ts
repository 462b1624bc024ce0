import type { CheckpointVerifier } from './checkpoint.rules.ts';
import { type ChainEntry, type ChainHead } from './audit-chain.rules.ts';
import { findEntryProblems, type ChainProblem } from './chain-problems.rules.ts';

/** Walks along a chain, entry by entry, and reports the problems of each. */
export interface ChainWalk {
  verifyEntry(entry: ChainEntry): Promise<ChainProblem[]>;
  /** The last sealed entry so far. */
  readonly head: ChainHead;
  readonly sealed: number;
  readonly unsealed: number;
}

/** @param start the head of the chain before the first entry */
export function startChainWalk(
  start: ChainHead,
  organizationId: string,
  verifier: CheckpointVerifier,
): ChainWalk {
  let head = start;
  let sealed = 0;
  let unsealed = 0;
  return {
    async verifyEntry(entry) {
      const problems = await findEntryProblems(entry, head, organizationId);
      if (entry.seq === null) {
        unsealed++;
        return problems;
      }
      sealed++;
      problems.push(...verifier.checkEntry(entry));
      // An entry with too low a number does not move the walk back, or all later entries would look misplaced.
      if (entry.seq > head.seq) head = { seq: entry.seq, hash: entry.hash ?? '' };
      return problems;
    },
    get head() {
      return head;
    },
    get sealed() {
      return sealed;
    },
    get unsealed() {
      return unsealed;
    },
  };
}
