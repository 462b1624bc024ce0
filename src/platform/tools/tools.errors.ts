import { defineErrors } from '../../kernel/core/index.ts';

export const toolErrors = defineErrors('tools', {
  confirmationRequired: { status: 422, title: 'The tool makes a permanent change and has to be confirmed' },
  resultTooLarge: { status: 422, title: 'The result of the tool is too large' },
});
