import type { Ctx } from '../../kernel/context/index.ts';
import { permits } from '../../kernel/core/index.ts';
import { endConsent, endConsentRow, findConnection, revokeTokens } from '../mcp-connections/index.ts';
import { requirePerson } from './give-consent.ts';
import { mcpConsentErrors } from './mcp-consents.errors.ts';

/**
 * Ends a consent. The person who gave it may do this, whatever their role, and so may members with
 * `ai-settings:write`. The tokens are deleted, and revoked if the authorization server has an address for that.
 * @throws AppError `mcp_consents.not_found`, `mcp_consents.person_needed`, or `request.stale` when another was given
 * meanwhile
 */
export async function takeBackConsent(ctx: Ctx, connectionId: string): Promise<void> {
  const userId = requirePerson(ctx);
  const row = await findConnection(ctx, connectionId);
  const mayManage = 'permissions' in ctx.actor && permits(ctx.actor.permissions, 'ai-settings:write');
  if (!row?.consentedBy || !(mayManage || row.consentedBy === userId)) throw mcpConsentErrors.notFound();
  const set = await endConsent(ctx, row);
  await ctx.commit({
    write: (q) => [endConsentRow(q, row, set)],
    audit: {
      action: 'mcp_connection.consent_taken_back',
      severity: 'warning',
      target: { type: 'mcp_connection', id: row.id },
      before: { consentedBy: row.consentedBy },
    },
    result: undefined,
  });
  ctx.after('mcp_connections.revoke', () => revokeTokens(ctx, row));
}
