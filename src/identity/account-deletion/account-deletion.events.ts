import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { userEventSchema } from '../users/index.ts';

const defineDeletionEvent = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: userEventSchema,
    example: { userId: exampleId('user') },
    key: ({ userId }) => userId,
    internal: true,
  });

export const deletionRequested = defineDeletionEvent(
  'user.deletion_requested',
  'A user requested the deletion of their account.',
);

/** Modules that keep something about people erase it; the row of the user is still there, empty. */
export const userErased = defineDeletionEvent(
  'user.erased',
  'The personal data of an account was erased; the id of the account stays in records.',
);

export const accountDeletionEvents = [deletionRequested, userErased];
