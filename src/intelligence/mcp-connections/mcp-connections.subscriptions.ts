import { deletionRequested } from '../../identity/account-deletion/index.ts';
import { memberRemoved, memberRoleChanged, memberSuspended } from '../../identity/members/index.ts';
import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { permits } from '../../kernel/core/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { asMember } from '../ask-authority/index.ts';
import { revokeTokens } from './connection-grant.ts';
import { endConsentsOf, selectConsentedBy } from './grants.queries.ts';

/** Ends the use of servers in the name of the person. @param organizationId null for all organizations */
async function endConsents(ctx: Ctx, userId: string, organizationId: string | null): Promise<void> {
  const [rows] = await ctx.read((q) => [selectConsentedBy(q, userId, organizationId)], systemScope);
  if (rows.length === 0) return;
  await ctx.commit({
    scope: systemScope,
    write: (q) => [endConsentsOf(q, userId, organizationId)],
    result: undefined,
  });
  for (const row of rows) await revokeTokens(ctx, row);
}

const endOfMember = (ctx: Ctx, { userId }: { userId: string }): Promise<void> =>
  endConsents(ctx, userId, ctx.organizationId);

async function endOfLowered(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const member = await asMember(ctx, userId);
  const mayConsent =
    member && 'permissions' in member.actor && permits(member.actor.permissions, 'ai-settings:write');
  if (!mayConsent) await endConsents(ctx, userId, ctx.organizationId);
}

/** A person's consents end with their membership, with their right to consent, and when they delete their account. */
export const mcpConnectionSubscriptions: readonly Subscription[] = [
  subscribe(memberRemoved, 'mcp-connections.end_grants', endOfMember),
  subscribe(memberSuspended, 'mcp-connections.end_grants_of_suspended', endOfMember),
  subscribe(memberRoleChanged, 'mcp-connections.end_grants_of_lowered', endOfLowered),
  subscribe(deletionRequested, 'mcp-connections.end_grants_of_leaving', (ctx, { userId }) =>
    endConsents(ctx, userId, null),
  ),
];
