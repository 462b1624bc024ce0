import { z } from '@hono/zod-openapi';
import { PASSWORD_LENGTH } from '../passwords/index.ts';
import { emailSchema, userNameSchema } from '../users/index.ts';

/** Its strength is judged by the verb, which knows the address and the name; here only what no password can be. */
export const newPasswordSchema = z
  .string()
  .min(1)
  .max(1024)
  .openapi({
    description:
      `New password, ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters with at least five different ones; ` +
      'not a common password, not the email address, not the name.',
  });
export const enteredPasswordSchema = z
  .string()
  .min(1)
  .max(1024)
  .openapi({ description: 'The current password.' });

export const signUpSchema = z.strictObject({
  email: emailSchema,
  password: newPasswordSchema,
  name: userNameSchema,
});
export type SignUp = z.output<typeof signUpSchema>;

export const logInSchema = z.strictObject({ email: emailSchema, password: enteredPasswordSchema });
export type LogIn = z.output<typeof logInSchema>;

export const changePasswordSchema = z.strictObject({
  currentPassword: enteredPasswordSchema,
  newPassword: newPasswordSchema,
});
export type ChangePassword = z.output<typeof changePasswordSchema>;
