import type { CheckpointVerifier } from './checkpoint.rules.ts';
import {
  type AuditEntry,
  findEntryProblems,
  type ChainHead,
  type ChainProblem,
} from './audit-chain.rules.ts';

/** Walks along a chain, entry by entry, and tells what is wrong with each. */
export interface ChainWalk {
  verifyEntry(entry: AuditEntry): Promise<ChainProblem[]>;
  /** The last sealed entry that was passed. */
  readonly head: ChainHead;
  readonly sealed: number;
  readonly unsealed: number;
}

/** @param start where the walk sets out: the end of what lies before the first entry */
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
      // One that stands too late does not pull the walk back, or all after it would look misplaced.
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
