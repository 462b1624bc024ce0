import { z } from '@hono/zod-openapi';
import { type Entry, type Head, problem, type Problem } from './chain.rules.ts';

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
export type ReadStatement = (statement: string, type: string) => Promise<Record<string, unknown> | null>;

/** Entries sealed by one transaction; also the most that lie between two checkpoints. */
export const BATCH = 500;

const SEQ_DIGITS = 15;

/** The name of a checkpoint's copy; names sort as the places they stand for. */
export const copyName = (seq: number) => `${String(seq).padStart(SEQ_DIGITS, '0')}.jws`;

/** Reads checkpoints; those that are forged or of another organization become problems. */
export async function readCheckpoints(
  statements: readonly { text: string; where: string }[],
  organizationId: string,
  read: ReadStatement,
): Promise<{ checkpoints: Checkpoint[]; problems: Problem[] }> {
  const checkpoints: Checkpoint[] = [];
  const problems: Problem[] = [];
  for (const { text, where } of statements) {
    const claims = await read(text.trim(), CHECKPOINT_TYPE);
    const parsed = checkpointSchema.safeParse(claims);
    if (parsed.success && parsed.data.organizationId === organizationId) checkpoints.push(parsed.data);
    else
      problems.push(
        problem(
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
export interface CheckpointGauge {
  /** What the checkpoints say of an entry in its place. */
  pass(entry: Entry): Problem[];
  /**
   * What they say of the end. `completeUntil` is the moment until which every entry must be there, as a later
   * checkpoint may count entries that came after; null when no checkpoint may count more.
   */
  end(head: Head, completeUntil: string | null): Problem[];
  /** Whether one was signed over this place. */
  vouchesFor(seq: number): boolean;
}

export function gaugeOf(checkpoints: readonly Checkpoint[]): CheckpointGauge {
  const bySeq = Map.groupBy(checkpoints, (checkpoint) => checkpoint.count);
  return {
    vouchesFor: (seq) => bySeq.has(seq),
    pass(entry) {
      const wrong = (bySeq.get(entry.seq ?? 0) ?? []).find(({ headHash }) => headHash !== entry.hash);
      return wrong
        ? [
            problem(
              'checkpoint_mismatch',
              entry,
              `entry ${wrong.count} is not the one that the checkpoint of ${wrong.sealedAt} was signed over`,
            ),
          ]
        : [];
    },
    end(head, completeUntil) {
      const beyond = checkpoints
        .filter(
          ({ count, sealedAt }) => count > head.seq && (completeUntil === null || sealedAt < completeUntil),
        )
        .sort((a, b) => b.count - a.count)[0];
      return beyond
        ? [
            problem(
              'cut_tail',
              { seq: head.seq + 1 },
              `the tail is cut off: the chain ends at entry ${head.seq}, the checkpoint of ${beyond.sealedAt} counts ${beyond.count}`,
            ),
          ]
        : [];
    },
  };
}

/** The end of a chain is always signed: one without a signature was not made by us. */
export function unvouched(head: Head, gauge: CheckpointGauge): Problem[] {
  return head.seq === 0 || gauge.vouchesFor(head.seq)
    ? []
    : [
        problem(
          'checkpoint_missing',
          { seq: head.seq },
          `no checkpoint was signed over the end, entry ${head.seq}`,
        ),
      ];
}
