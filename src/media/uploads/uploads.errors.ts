import { defineErrors } from '../../kernel/core/index.ts';

export const uploadErrors = defineErrors('uploads', {
  notFound: { status: 404, title: 'The upload was not found' },
  expired: { status: 410, title: 'The upload was given up' },
  offsetMismatch: { status: 409, title: 'The bytes do not begin where the upload stands' },
  tooLong: { status: 413, title: 'The bytes are more than the upload may have' },
  unsupportedVersion: { status: 412, title: 'The version of the tus protocol is not supported' },
});
