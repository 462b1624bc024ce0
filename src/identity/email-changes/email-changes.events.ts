import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

/** Ids alone: the addresses may be anybody's, and events are kept longer than they are needed. */
const defineEmailChangeEvent = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: z.object({ userId: idSchema('user'), emailChangeId: idSchema('emailChange') }),
    example: { userId: exampleId('user'), emailChangeId: exampleId('emailChange') },
    key: ({ userId }) => userId,
    internal: true,
  });

export const emailChangeRequested = defineEmailChangeEvent(
  'user.email_change_requested',
  'A user requested a change of their email address.',
);
export const emailChanged = defineEmailChangeEvent(
  'user.email_changed',
  'The new email address of a user was confirmed.',
);

export const emailChangeEvents = [emailChangeRequested, emailChanged];
