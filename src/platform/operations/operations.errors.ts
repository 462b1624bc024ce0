import { defineErrors } from '../../kernel/core/index.ts';

export const operationErrors = defineErrors('operations', {
  notFound: { status: 404, title: 'There is no such operation' },
  finished: { status: 409, title: 'The operation has already finished' },
  noResult: { status: 409, title: 'The operation has no result' },
  expired: { status: 410, title: 'The result of the operation is no longer kept' },
  interrupted: { status: 409, title: 'The operation was stopped while it ran' },
  abandoned: { status: 500, title: 'The operation was given up: nobody worked on it any more' },
});
