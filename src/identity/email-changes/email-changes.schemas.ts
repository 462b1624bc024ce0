import { z } from '@hono/zod-openapi';
import { mailedTokenSchema } from '../recovery/index.ts';
import { enteredPasswordSchema } from '../sign-in/index.ts';
import { emailSchema } from '../users/index.ts';

export const requestEmailChangeSchema = z.strictObject({
  newEmail: emailSchema,
  currentPassword: enteredPasswordSchema,
});
export type RequestEmailChange = z.output<typeof requestEmailChangeSchema>;

export const emailChangeTokenSchema = z.strictObject({ token: mailedTokenSchema });
