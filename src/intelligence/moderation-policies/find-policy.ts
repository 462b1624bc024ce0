import type { Ctx } from '../../kernel/context/index.ts';
import type { ChatRules, RulesReading } from '../../realtime/text-rules/index.ts';
import { selectPoliciesOfRoom, selectVersionsOfRoom } from './moderation-policies.queries.ts';
import type { ModerationPolicy } from './moderation-policies.tables.ts';
import { chatRulesOf, policyInForce } from './policies.rules.ts';

/** The rules by which a live room shows or holds back messages. */
export async function readChatRules(ctx: Ctx, roomId: string): Promise<ChatRules> {
  const [policies] = await ctx.read((q) => [selectPoliciesOfRoom(q, ctx.organizationId, roomId)]);
  return chatRulesOf(policyInForce(policies));
}

const versionOf = (policies: readonly Pick<ModerationPolicy, 'id' | 'version'>[]) =>
  policies.map(({ id, version }) => `${id}.${version}`).join(' ');

/** As `readChatRules`, with their version. Null if no policy of the room has changed since the known version. */
export async function readChangedRules(
  ctx: Ctx,
  roomId: string,
  known: string | null,
): Promise<RulesReading | null> {
  const { organizationId } = ctx;
  if (known !== null) {
    const [versions] = await ctx.read((q) => [selectVersionsOfRoom(q, organizationId, roomId)]);
    if (versionOf(versions) === known) return null;
  }
  const [policies] = await ctx.read((q) => [selectPoliciesOfRoom(q, organizationId, roomId)]);
  return { rules: chatRulesOf(policyInForce(policies)), version: versionOf(policies) };
}
