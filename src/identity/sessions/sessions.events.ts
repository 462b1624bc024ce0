import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

/** Written when a single session ends; for the sessions that a new password ends, see `user.password_changed`. */
export const sessionEnded = defineEvent({
  type: 'session.ended',
  description:
    'A session was ended: by signing out, by its owner, or because its refresh token was used twice.',
  payload: z.object({ userId: idSchema('user'), sessionId: idSchema('session') }),
  example: { userId: exampleId('user'), sessionId: exampleId('session') },
  key: ({ userId }) => userId,
  // When and where somebody signs in is their own business, not that of an organization's webhooks.
  internal: true,
});
