import { defineErrors } from '../../kernel/core/index.ts';

export const docsErrors = defineErrors('errors', {
  unknownCode: { status: 404, title: 'The error code was not found' },
});
