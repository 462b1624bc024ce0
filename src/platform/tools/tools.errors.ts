import { defineErrors } from '../../kernel/core/index.ts';

export const toolErrors = defineErrors('tools', {
  confirmationRequired: { status: 422, title: 'The tool changes something for good and has to be confirmed' },
  resultTooLarge: { status: 422, title: 'The result is larger than a tool may give' },
});
