import { defineErrors } from '../../kernel/core/index.ts';

export const qualityErrors = defineErrors('quality', {
  callNotFound: { status: 404, title: 'The call or participant was not found' },
  samplesOutdated: {
    status: 422,
    title:
      'All samples are outside the call, in the future, more than an hour old, or have a value outside of its bounds',
  },
  samplesExhausted: { status: 409, title: 'The storage limit for this participant’s samples is reached' },
});
