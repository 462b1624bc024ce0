import { defineErrors } from '../../kernel/core/index.ts';

export const summaryErrors = defineErrors('summaries', {
  notFound: { status: 404, title: 'The summary was not found' },
  nothingSaid: { status: 409, title: 'Nothing is said in the transcript' },
  tooLong: { status: 409, title: 'The transcript is longer than the model can read' },
  tooExpensive: { status: 409, title: 'The summary may cost more than is allowed' },
  tooMany: { status: 409, title: 'The transcription has reached its limit of summaries' },
});
