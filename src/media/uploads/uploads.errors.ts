import { defineErrors } from '../../kernel/core/index.ts';

export const uploadErrors = defineErrors('uploads', {
  notFound: { status: 404, title: 'The upload was not found' },
  expired: { status: 410, title: 'The upload was given up' },
  offsetMismatch: { status: 409, title: 'The bytes do not begin at the offset of the upload' },
  tooLong: { status: 413, title: 'The bytes exceed the length of the upload' },
  unsupportedVersion: { status: 412, title: 'The version of the tus protocol is not supported' },
});
