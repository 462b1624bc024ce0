import { z } from '@hono/zod-openapi';
import { newPasswordSchema } from '../sign-in/index.ts';
import { emailSchema } from '../users/index.ts';

export const mailedTokenSchema = z
  .string()
  .min(1)
  .max(4_096)
  .openapi({ description: 'Token from the link in the email: the part after `#token=`.' });

export const forgotPasswordSchema = z.strictObject({ email: emailSchema });
export const resetPasswordSchema = z.strictObject({
  token: mailedTokenSchema,
  newPassword: newPasswordSchema,
});
export type ResetPassword = z.output<typeof resetPasswordSchema>;
export const verifyEmailSchema = z.strictObject({ token: mailedTokenSchema });

/** The address is encrypted: it may be anybody's, and events are kept longer than they are needed. */
export const passwordResetEventSchema = z.object({ sealedEmail: z.string() });
