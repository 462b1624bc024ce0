import { defineErrors } from '../../kernel/core/index.ts';

export const batchErrors = defineErrors('ai_batches', {
  notFound: { status: 404, title: 'The batch was not found' },
  noBatches: { status: 422, title: 'The provider of the model has no batches' },
  notRunning: { status: 409, title: 'The batch is not running' },
  notEnded: { status: 409, title: 'The batch has not ended' },
  tooManyRunning: { status: 409, title: 'The organization has too many running batches' },
  mixed: { status: 422, title: 'The models of the batch have several providers' },
});
