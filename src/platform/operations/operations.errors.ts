import { defineErrors } from '../../kernel/core/index.ts';

export const operationErrors = defineErrors('operations', {
  notFound: { status: 404, title: 'The operation was not found' },
  finished: { status: 409, title: 'The operation has already finished' },
  noResult: { status: 409, title: 'The operation has no result' },
  expired: { status: 410, title: 'The result of the operation has expired' },
  interrupted: { status: 409, title: 'The operation was cancelled while it ran' },
  abandoned: { status: 500, title: 'The operation was abandoned: no progress was reported' },
});
