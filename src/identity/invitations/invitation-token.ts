import type { Ctx, Services } from '../../platform/context/index.ts';
import { base64Url } from '../../platform/core/index.ts';

const TOKEN_BYTES = 32;

/** What an invitation's link carries; whoever has it reads the mails of the address that was invited. */
export const INVITATION_TOKEN = /^ali_[\w-]{43}$/;

/** The form in which a token is stored and looked up. */
export function hashOfToken({ hasher }: Pick<Services, 'hasher'>, token: string): Promise<string> {
  return hasher.hash('invitation', token);
}

const boundTo = (invitationId: string) => `invitations.${invitationId}.token`;

/**
 * A new token: its hash for the row, and the token sealed for the job that mails it. Every attempt at that mail carries
 * the same token, and nobody reads it out of the outbox.
 */
export async function makeToken(
  ctx: Ctx,
  invitationId: string,
): Promise<{ tokenHash: string; sealedToken: string }> {
  const token = `ali_${base64Url(ctx.ids.random(TOKEN_BYTES))}`;
  const [tokenHash, sealedToken] = await Promise.all([
    hashOfToken(ctx, token),
    ctx.vault.encrypt(token, boundTo(invitationId)),
  ]);
  return { tokenHash, sealedToken };
}

/** @throws VaultError when it was sealed for another invitation, or with a key that is gone */
export function openToken(ctx: Ctx, invitationId: string, sealedToken: string): Promise<string> {
  return ctx.vault.decrypt(sealedToken, boundTo(invitationId));
}
