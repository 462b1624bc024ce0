import { defineErrors } from '../../kernel/core/index.ts';

export const dialInErrors = defineErrors('dial_ins', {
  notFound: { status: 404, title: 'The room takes no calls from telephones' },
  pinUnreadable: { status: 409, title: 'The PIN cannot be read any more, and has to be rotated' },
});
