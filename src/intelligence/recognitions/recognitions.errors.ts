import { defineErrors } from '../../kernel/core/index.ts';

export const recognitionErrors = defineErrors('recognitions', {
  notFound: { status: 404, title: 'The recognition was not found, or is over' },
});
