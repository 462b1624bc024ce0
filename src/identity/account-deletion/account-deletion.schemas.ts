import { z } from '@hono/zod-openapi';
import { enteredPasswordSchema } from '../sign-in/index.ts';

export const requestDeletionSchema = z.strictObject({ currentPassword: enteredPasswordSchema });

export const accountDeletionSchema = z
  .object({
    deletesAt: z.iso.datetime().openapi({
      description: 'When the account is erased. Until then the user can restore it.',
    }),
  })
  .openapi('AccountDeletion');
