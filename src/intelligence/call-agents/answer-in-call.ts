import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { isError } from '../../kernel/core/index.ts';
import {
  conversationErrors,
  selectAgentMessages,
  sendMessage,
  type SentMessage,
} from '../agent-conversations/index.ts';
import { callAgentErrors } from './call-agents.errors.ts';
import { selectHeld, selectSharer } from './call-agents.queries.ts';
import { endReasonOf } from './call-agents.rules.ts';
import type { AnswerInCall } from './call-agents.schemas.ts';
import { actorOfMember } from './inviters.ts';

/** Ends an answer that is being given, because somebody speaks again and it is no longer wanted. */
async function endAnswer(ctx: Ctx, conversationId: string): Promise<void> {
  const [[newest]] = await ctx.read((q) => [
    selectAgentMessages(q, ctx.organizationId, conversationId, { before: undefined, limit: 1 }),
  ]);
  if (newest?.state === 'running' && newest.generationId)
    await ctx.ports.liveGenerations.cancel(
      { organizationId: ctx.organizationId, generationId: newest.generationId },
      'cancelled',
    );
}

/**
 * Asks an agent in a call to answer what was said, as the person who invited it. An earlier answer that is still being
 * given ends.
 * @throws AppError `call_agents.not_held` for a process that does not have it, `agent_conversations.*`, `ai.*` or
 * `billing.*`
 */
export async function answerInCall(ctx: Ctx, input: AnswerInCall): Promise<SentMessage> {
  const { worker, callAgentId, speaker, text, screen } = input;
  const now = new Date(ctx.clock.now());
  const [[found], [sharer]] = await ctx.read(
    (q) => [selectHeld(q, worker, callAgentId, now), selectSharer(q, callAgentId, screen?.identity ?? '')],
    systemScope,
  );
  if (!found || endReasonOf(found.ground) !== null) throw callAgentErrors.notHeld();
  const { conversationId, roomId, callId } = found.row;
  const inviter = ctx.as(actorOfMember({ ...found.row, role: found.role }));
  const picture = screen && sharer ? { sharedBy: sharer.name, png: screen.png } : null;
  const inCall = { roomId, callId, sight: { mayLook: found.seesScreens, picture } };
  const ask = () =>
    sendMessage(inviter, conversationId, { text: `${speaker}: ${text}`, stream: true, inCall });
  return ask().catch(async (error: unknown) => {
    if (!isError(error, conversationErrors.answering)) throw error;
    await endAnswer(inviter, conversationId);
    return ask();
  });
}
