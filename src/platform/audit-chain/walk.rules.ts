import type { CheckpointGauge } from './checkpoint.rules.ts';
import { type Entry, entryProblems, type Head, type Problem } from './chain.rules.ts';

/** Walks along a chain, entry by entry, and tells what is wrong with each. */
export interface Walk {
  step(entry: Entry): Promise<Problem[]>;
  /** The last sealed entry that was passed. */
  readonly head: Head;
  readonly sealed: number;
  readonly unsealed: number;
}

/** @param start where the walk sets out: the end of what lies before the first entry */
export function walkFrom(start: Head, organizationId: string, gauge: CheckpointGauge): Walk {
  let head = start;
  let sealed = 0;
  let unsealed = 0;
  return {
    async step(entry) {
      const problems = await entryProblems(entry, head, organizationId);
      if (entry.seq === null) {
        unsealed++;
        return problems;
      }
      sealed++;
      problems.push(...gauge.pass(entry));
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
