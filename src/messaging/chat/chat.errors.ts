import { defineErrors } from '../../kernel/core/index.ts';

export const chatErrors = defineErrors('chat', {
  notAllowed: { status: 403, title: 'The chat of this room is not for you' },
});
