import { z } from '@hono/zod-openapi';
import { type ChainEntry, type ChainHead } from './audit-chain.rules.ts';
import { createProblem, type ChainProblem } from './chain-problems.rules.ts';

/** The `typ` of a checkpoint's signature. */
export const CHECKPOINT_TYPE = 'audit-checkpoint+jwt';

export const checkpointSchema = z.object({
  organizationId: z.string(),
  /** Number of sealed entries. */
  count: z.number().int().positive(),
  headHash: z.string(),
  /** ISO 8601, UTC. */
  sealedAt: z.iso.datetime(),
});
export type Checkpoint = z.output<typeof checkpointSchema>;

/** Verifies a signed statement: returns its claims, or null when no trusted key signed it. */
export type StatementReader = (statement: string, type: string) => Promise<Record<string, unknown> | null>;

/** Entries sealed per transaction; at most as many lie between two checkpoints. */
export const SEAL_BATCH_SIZE = 500;

const SEQ_DIGITS = 15;

/** The object name of a checkpoint's copy; names sort by the number of the entry. */
export const checkpointCopyName = (seq: number) => `${String(seq).padStart(SEQ_DIGITS, '0')}.jws`;

/** Reads checkpoints; a forged one, or one of another organization, becomes a problem. */
export async function readCheckpoints(
  statements: readonly { text: string; where: string }[],
  organizationId: string,
  read: StatementReader,
): Promise<{ checkpoints: Checkpoint[]; problems: ChainProblem[] }> {
  const checkpoints: Checkpoint[] = [];
  const problems: ChainProblem[] = [];
  for (const { text, where } of statements) {
    const claims = await read(text.trim(), CHECKPOINT_TYPE);
    const parsed = checkpointSchema.safeParse(claims);
    if (parsed.success && parsed.data.organizationId === organizationId) checkpoints.push(parsed.data);
    else
      problems.push(
        createProblem(
          'forged_checkpoint',
          {},
          parsed.success
            ? `the checkpoint ${where} belongs to another organization`
            : `the checkpoint ${where} is not signed by a trusted key`,
        ),
      );
  }
  return { checkpoints, problems };
}

/** Compares a chain with checkpoints, entry by entry. */
export interface CheckpointVerifier {
  /** Compares an entry with the checkpoint over its number, if any. */
  checkEntry(entry: ChainEntry): ChainProblem[];
  /**
   * Compares the end of the chain with the checkpoints. `completeUntil` is the time until which every entry must be
   * included, because a later checkpoint may count later entries; null when no checkpoint may count more.
   */
  checkEnd(head: ChainHead, completeUntil: string | null): ChainProblem[];
  /** Whether there is a checkpoint over entry `seq`. */
  hasCheckpointAt(seq: number): boolean;
}

export function createCheckpointVerifier(checkpoints: readonly Checkpoint[]): CheckpointVerifier {
  const bySeq = Map.groupBy(checkpoints, (checkpoint) => checkpoint.count);
  return {
    hasCheckpointAt: (seq) => bySeq.has(seq),
    checkEntry(entry) {
      const mismatch = (bySeq.get(entry.seq ?? 0) ?? []).find(({ headHash }) => headHash !== entry.hash);
      return mismatch
        ? [
            createProblem(
              'checkpoint_mismatch',
              entry,
              `entry ${mismatch.count} does not match the checkpoint of ${mismatch.sealedAt}`,
            ),
          ]
        : [];
    },
    checkEnd(head, completeUntil) {
      const newestBeyond = checkpoints
        .filter(
          ({ count, sealedAt }) => count > head.seq && (completeUntil === null || sealedAt < completeUntil),
        )
        .sort((a, b) => b.count - a.count)[0];
      return newestBeyond
        ? [
            createProblem(
              'cut_tail',
              { seq: head.seq + 1 },
              `the tail is cut off: the chain ends at entry ${head.seq}, but the checkpoint of ${newestBeyond.sealedAt} counts ${newestBeyond.count}`,
            ),
          ]
        : [];
    },
  };
}

/** Every end of a chain has a checkpoint: an end without one was not written by us. */
export function findUnsignedHead(head: ChainHead, verifier: CheckpointVerifier): ChainProblem[] {
  return head.seq === 0 || verifier.hasCheckpointAt(head.seq)
    ? []
    : [
        createProblem(
          'checkpoint_missing',
          { seq: head.seq },
          `the last entry ${head.seq} has no checkpoint`,
        ),
      ];
}
