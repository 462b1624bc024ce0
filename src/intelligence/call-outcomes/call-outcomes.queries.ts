import { and, desc, eq } from 'drizzle-orm';
import { isBefore, type Queries, type Statement } from '../../kernel/db/index.ts';
import type { OutcomeKind } from './call-outcomes.enums.ts';
import { type CallOutcome, callOutcomes } from './call-outcomes.tables.ts';

/** Stores the findings of a run, in place of its earlier ones. */
export const replaceOutcomes = (
  q: Queries,
  organizationId: string,
  runId: string,
  rows: readonly CallOutcome[],
): Statement[] => [
  q
    .delete(callOutcomes)
    .where(and(eq(callOutcomes.organizationId, organizationId), eq(callOutcomes.runId, runId))),
  ...(rows.length === 0 ? [] : [q.insert(callOutcomes).values([...rows])]),
];

/** The newest first; one more than `limit`. */
export const selectOutcomes = (
  q: Queries,
  organizationId: string,
  { roomId, callId, kind }: { roomId: string; callId: string | undefined; kind: OutcomeKind | undefined },
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(callOutcomes)
    .where(
      and(
        eq(callOutcomes.organizationId, organizationId),
        eq(callOutcomes.roomId, roomId),
        callId === undefined ? undefined : eq(callOutcomes.callId, callId),
        kind === undefined ? undefined : eq(callOutcomes.kind, kind),
        isBefore(callOutcomes.id, before),
      ),
    )
    .orderBy(desc(callOutcomes.id))
    .limit(limit + 1);
