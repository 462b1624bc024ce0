import type { Ctx } from '../../kernel/context/index.ts';
import type { ChatRules } from '../../realtime/text-rules/index.ts';
import { selectPoliciesOfRoom } from './moderation-policies.queries.ts';
import { chatRulesOf, policyInForce } from './policies.rules.ts';

/** The rules by which a live room shows or holds back messages. */
export async function readChatRules(ctx: Ctx, roomId: string): Promise<ChatRules> {
  const [policies] = await ctx.read((q) => [selectPoliciesOfRoom(q, ctx.organizationId, roomId)]);
  return chatRulesOf(policyInForce(policies));
}
