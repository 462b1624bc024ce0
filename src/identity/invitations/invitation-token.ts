import type { Ctx, Services } from '../../kernel/context/index.ts';
import { base64Url } from '../../kernel/core/index.ts';

const TOKEN_BYTES = 32;

/** The token in an invitation's link. Its holder receives mail at the invited address. */
export const INVITATION_TOKEN_PATTERN = /^ali_[\w-]{43}$/;

/** The form in which a token is stored and looked up. */
export function hashInvitationToken({ hasher }: Pick<Services, 'hasher'>, token: string): Promise<string> {
  return hasher.hash('invitation', token);
}

const sealContextOf = (invitationId: string) => `invitations.${invitationId}.token`;

/**
 * A new token: its hash for the row, and the encrypted token for the event whose subscriber sends the email. So every
 * attempt sends the same token, and it cannot be read in the outbox.
 */
export async function createInvitationToken(
  ctx: Ctx,
  invitationId: string,
): Promise<{ tokenHash: string; sealedToken: string }> {
  const token = `ali_${base64Url(ctx.ids.random(TOKEN_BYTES))}`;
  const [tokenHash, sealedToken] = await Promise.all([
    hashInvitationToken(ctx, token),
    ctx.vault.encrypt(token, sealContextOf(invitationId)),
  ]);
  return { tokenHash, sealedToken };
}

/** @throws VaultError when it was encrypted for another invitation, or with a key that no longer exists */
export function unsealInvitationToken(ctx: Ctx, invitationId: string, sealedToken: string): Promise<string> {
  return ctx.vault.decrypt(sealedToken, sealContextOf(invitationId));
}
