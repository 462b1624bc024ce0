import { defineErrors } from '../../kernel/core/index.ts';

export const qualityErrors = defineErrors('quality', {
  callNotFound: { status: 404, title: 'There is no such call, or nobody of that name was in it' },
  samplesOutdated: { status: 422, title: 'None of the samples is of the last hour of the call' },
  samplesExhausted: { status: 409, title: 'No more samples of this participant are kept' },
});
