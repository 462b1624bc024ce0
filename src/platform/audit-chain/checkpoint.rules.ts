import { z } from '@hono/zod-openapi';
import { type AuditEntry, type ChainHead, createProblem, type ChainProblem } from './audit-chain.rules.ts';

/** The `typ` of a checkpoint's signature. */
export const CHECKPOINT_TYPE = 'audit-checkpoint+jwt';

export const checkpointSchema = z.object({
  organizationId: z.string(),
  /** How many entries were sealed. */
  count: z.number().int().positive(),
  headHash: z.string(),
  /** ISO 8601, UTC. */
  sealedAt: z.iso.datetime(),
});
export type Checkpoint = z.output<typeof checkpointSchema>;

/** Reads a signed statement: its claims, or null when it was not signed by one of the trusted keys. */
export type StatementReader = (statement: string, type: string) => Promise<Record<string, unknown> | null>;

/** Entries sealed by one transaction; also the most that lie between two checkpoints. */
export const SEAL_BATCH_SIZE = 500;

const SEQ_DIGITS = 15;

/** The name of a checkpoint's copy; names sort as the places they stand for. */
export const checkpointCopyName = (seq: number) => `${String(seq).padStart(SEQ_DIGITS, '0')}.jws`;

/** Reads checkpoints; those that are forged or of another organization become problems. */
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
            ? `the checkpoint ${where} is of another organization`
            : `the checkpoint ${where} is not signed by a trusted key`,
        ),
      );
  }
  return { checkpoints, problems };
}

/** Measures a chain against checkpoints while it goes by. */
export interface CheckpointVerifier {
  /** What the checkpoints say of an entry in its place. */
  checkEntry(entry: AuditEntry): ChainProblem[];
  /**
   * What they say of the end. `completeUntil` is the moment until which every entry must be there, as a later
   * checkpoint may count entries that came after; null when no checkpoint may count more.
   */
  checkEnd(head: ChainHead, completeUntil: string | null): ChainProblem[];
  /** Whether one was signed over this place. */
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
              `entry ${mismatch.count} is not the one that the checkpoint of ${mismatch.sealedAt} was signed over`,
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
              `the tail is cut off: the chain ends at entry ${head.seq}, the checkpoint of ${newestBeyond.sealedAt} counts ${newestBeyond.count}`,
            ),
          ]
        : [];
    },
  };
}

/** The end of a chain is always signed: one without a signature was not made by us. */
export function findUnsignedHead(head: ChainHead, verifier: CheckpointVerifier): ChainProblem[] {
  return head.seq === 0 || verifier.hasCheckpointAt(head.seq)
    ? []
    : [
        createProblem(
          'checkpoint_missing',
          { seq: head.seq },
          `no checkpoint was signed over the end, entry ${head.seq}`,
        ),
      ];
}
