import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { type AppError, authErrors, isError, isRefusal, isStale } from '../../kernel/core/index.ts';
import { actorOfMember, callAgentErrors, inviteAgent } from '../call-agents/index.ts';
import {
  type DueAssignment,
  holdFirstTime,
  selectDueByLink,
  selectDueByRoom,
  storeAttempt,
} from './agent-assignments.queries.ts';
import type { AgentAssignment } from './agent-assignments.tables.ts';

const { noCall, notConfigured } = callAgentErrors;

/**
 * Whether a retry would give the same refusal. A row that has changed, or a database that is unavailable, is retried.
 */
const isFinal = (error: unknown): error is AppError =>
  !isStale(error) && (isRefusal(error) || isError(error, notConfigured));

/** Invites an agent as the person who assigned it, with the authority that they have now. */
async function join(ctx: Ctx, { assignment, role }: DueAssignment, callId: string): Promise<void> {
  const { id: assignmentId, roomId, agentId } = assignment;
  const at = new Date(ctx.clock.now());
  const person = ctx.as(actorOfMember({ ...assignment, role }));
  await inviteAgent(
    person,
    roomId,
    { agentId },
    {
      assignmentId,
      callId,
      write: (q) => [
        storeAttempt(q, assignment, { callId, at, refusal: null }),
        holdFirstTime(q, assignment, callId),
      ],
    },
  );
}

async function storeRefusal(ctx: Ctx, row: AgentAssignment, callId: string, refusal: string): Promise<void> {
  const at = new Date(ctx.clock.now());
  await ctx.commit({
    scope: systemScopeOf(ctx.organizationId),
    write: (q) => [storeAttempt(q, row, { callId, at, refusal })],
    result: undefined,
  });
}

/**
 * Lets each agent try once in a call: a refusal is stored with its reason, and the next attempt is in the next call.
 */
async function joinAll(ctx: Ctx, due: readonly DueAssignment[], callId: string): Promise<void> {
  for (const each of due) {
    try {
      if (each.role === null) throw authErrors.forbidden();
      await join(ctx, each, callId);
    } catch (error) {
      // The call ended in between; the next call has an event of its own.
      if (isError(error, noCall)) return;
      if (!isFinal(error)) throw error;
      await storeRefusal(ctx, each.assignment, callId, error.code);
    }
  }
}

/** After the first participant of a call has joined: the agents of its room join. */
export async function joinCallOfRoom(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [due] = await ctx.read((q) => [selectDueByRoom(q, ctx.organizationId, callId)]);
  await joinAll(ctx, due, callId);
}

/** After a participant has joined: the agents of the link through which they came join. */
export async function joinGuestOfLink(
  ctx: Ctx,
  { callId, participantId }: { callId: string; participantId: string },
): Promise<void> {
  const [due] = await ctx.read((q) => [selectDueByLink(q, ctx.organizationId, callId, participantId)]);
  await joinAll(ctx, due, callId);
}
