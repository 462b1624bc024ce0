import { defineErrors } from '../../kernel/core/index.ts';

export const dialInErrors = defineErrors('dial_ins', {
  notFound: { status: 404, title: 'The room has no dial-in' },
  pinUnreadable: { status: 409, title: 'The PIN can no longer be read and has to be rotated' },
});
