import { defineErrors } from '../../kernel/core/index.ts';

export const chatErrors = defineErrors('chat', {
  notAllowed: { status: 403, title: 'You may not read the chat of this room' },
});
