import type { Ctx } from '../../kernel/context/index.ts';
import { endGrantsOf } from './mcp-connections.queries.ts';

/** What a person consented to ends with their membership: the organization used the server in their name. */
export const endGrants = (ctx: Ctx, { userId }: { userId: string }): Promise<void> =>
  ctx.commit({ write: (q) => [endGrantsOf(q, ctx.organizationId, userId)], result: undefined });
