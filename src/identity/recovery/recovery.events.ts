import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { userEventSchema } from '../users/index.ts';
import { passwordResetEventSchema } from './recovery.schemas.ts';

export const verificationRequested = defineEvent({
  type: 'user.verification_requested',
  description: 'Another verification email was requested.',
  payload: userEventSchema,
  example: { userId: exampleId('user') },
  key: ({ userId }) => userId,
  internal: true,
});

/** Its key is given by the verb, which does not know whether the address has an account. */
export const passwordResetRequested = defineEvent({
  type: 'user.password_reset_requested',
  description: 'A password reset was requested.',
  payload: passwordResetEventSchema,
  example: { sealedEmail: 'k1.9sJ2' },
  key: ({ sealedEmail }) => sealedEmail,
  internal: true,
});

export const recoveryEvents = [verificationRequested, passwordResetRequested];
