import { type Services, systemScope } from '../../kernel/context/index.ts';
import { rotateCiphertext } from '../../kernel/crypto/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { grantOfConnection } from './connection-grant.ts';
import { resealGrant, selectOutdatedCredentials } from './grants.queries.ts';
import { noteTest } from './mcp-connections.queries.ts';
import type { McpConnection } from './mcp-connections.tables.ts';

export type ConnectionHeaders = Readonly<Record<string, string>>;

const associatedDataOf = (connectionId: string) => `mcp_connections.sealed_headers.${connectionId}`;

export const sealHeaders = (
  { vault }: Pick<Services, 'vault'>,
  connectionId: string,
  headers: ConnectionHeaders,
): Promise<string> => vault.encrypt(JSON.stringify(headers), associatedDataOf(connectionId));

/** @throws VaultError when they are encrypted with a key of the product that was removed */
export const openHeaders = async (
  { vault }: Pick<Services, 'vault'>,
  { id, sealedHeaders }: McpConnection,
): Promise<ConnectionHeaders> =>
  JSON.parse(await vault.decrypt(sealedHeaders, associatedDataOf(id))) as ConnectionHeaders;

const MAX_ROWS_PER_RUN = 500;

/** Scheduled each hour: encrypts credentials with the newest key of the product, so that an older one can be removed. */
export async function resealHeaders(services: Services): Promise<unknown> {
  const { vault, clock } = services;
  const now = new Date(clock.now());
  const [outdated] = await services.database.read(systemScope, (q) => [
    selectOutdatedCredentials(q, vault.newestKeyId, now, MAX_ROWS_PER_RUN),
  ]);
  return runSweep(services, 'mcp_connections.reseal', outdated, async (ctx, row) => {
    const sealedHeaders = await rotateCiphertext(ctx.vault, row.sealedHeaders, associatedDataOf(row.id));
    if (sealedHeaders !== undefined)
      await ctx.commit({ write: (q) => [noteTest(q, row, { sealedHeaders })], result: undefined });
    const boundTo = grantOfConnection(row.id);
    const sealedGrant = row.sealedGrant && (await rotateCiphertext(ctx.vault, row.sealedGrant, boundTo));
    if (sealedGrant)
      await ctx.commit({ write: (q) => [resealGrant(q, row, sealedGrant)], result: undefined });
  });
}
