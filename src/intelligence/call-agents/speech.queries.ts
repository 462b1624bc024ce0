import { and, eq } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries, type Statement } from '../../kernel/db/index.ts';
import { type CallAgent, callAgents, type CallAgentSpeech, callAgentSpeech } from './call-agents.tables.ts';

/** An agent in a call, or one that has left, with the totals that a process has reported. */
export const selectSpeech = (q: Queries, worker: string, callAgentId: string) =>
  q
    .select({ row: callAgents, speech: callAgentSpeech })
    .from(callAgents)
    .leftJoin(
      callAgentSpeech,
      and(eq(callAgentSpeech.callAgentId, callAgents.id), eq(callAgentSpeech.worker, worker)),
    )
    .where(eq(callAgents.id, callAgentId));

type SpeechTotals = Pick<CallAgentSpeech, 'recognizedMs' | 'spokenCharacters'>;

export const insertSpeech = (
  q: Queries,
  { id: callAgentId, organizationId }: CallAgent,
  worker: string,
  totals: SpeechTotals,
): Statement => q.insert(callAgentSpeech).values({ organizationId, callAgentId, worker, ...totals });

/** Changes the totals of a process, if they have not changed since they were read. */
export const changeSpeech = (
  q: Queries,
  { callAgentId, worker, version }: CallAgentSpeech,
  totals: SpeechTotals,
): Statement =>
  mustChange(
    q,
    q
      .update(callAgentSpeech)
      .set({ ...totals, version: version + 1 })
      .where(
        and(
          eq(callAgentSpeech.callAgentId, callAgentId),
          eq(callAgentSpeech.worker, worker),
          eq(callAgentSpeech.version, version),
        ),
      )
      .returning({ id: callAgentSpeech.callAgentId }),
    requestErrors.stale,
  );
