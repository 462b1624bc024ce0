import { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { idSchema } from '../../kernel/core/index.ts';
import { emailChangeErrors } from './email-changes.errors.ts';
import { CONFIRM_SECONDS, STOP_LINK_SECONDS } from './email-changes.rules.ts';

const PURPOSES = {
  confirm: { type: 'email-change+jwt', lifeSeconds: CONFIRM_SECONDS },
  stop: { type: 'email-change-stop+jwt', lifeSeconds: STOP_LINK_SECONDS },
} as const;
type Purpose = keyof typeof PURPOSES;

const claimsSchema = z.object({ sub: idSchema('emailChange') });

/** The token for a mail. Nothing of it is stored: it is signed and names the change, whose row says whether it counts. */
export const createEmailChangeToken = (ctx: Ctx, changeId: string, purpose: Purpose): Promise<string> =>
  ctx.signer.sign({ sub: changeId }, PURPOSES[purpose]);

/** @returns the id of the change @throws AppError `accounts.email_change_invalid` */
export async function verifyEmailChangeToken(ctx: Ctx, token: string, purpose: Purpose): Promise<string> {
  try {
    return claimsSchema.parse(await ctx.signer.verify(token, PURPOSES[purpose].type)).sub;
  } catch (cause) {
    throw emailChangeErrors.emailChangeInvalid({ cause });
  }
}
