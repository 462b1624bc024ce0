import { defineErrors } from '../../kernel/core/index.ts';

export const qualityErrors = defineErrors('quality', {
  callNotFound: { status: 404, title: 'Call or participant not found' },
  samplesOutdated: { status: 422, title: 'No sample is from the last hour of the call' },
  samplesExhausted: { status: 409, title: 'The storage limit for this participant’s samples is reached' },
});
