import { defineErrors } from '../../kernel/core/index.ts';

export const fileErrors = defineErrors('files', {
  notFound: { status: 404, title: 'The file was not found' },
  infected: { status: 403, title: 'The file is infected and is not served' },
  scanPending: {
    status: 409,
    title: 'The file has not been scanned yet',
    retryAfterSeconds: 5,
  },
  notScannable: { status: 409, title: 'The file cannot be scanned and is served to its owner only' },
  noPreview: { status: 404, title: 'The file has no preview' },
  urlExpired: { status: 410, title: 'The address of the download has expired' },
  expiryInPast: { status: 400, title: 'The expiry is in the past' },
  roomRequired: { status: 400, title: 'A file for participants needs a room' },
  lengthRequired: { status: 411, title: 'The length of the file is missing' },
  tooLarge: { status: 413, title: 'The file is too large for one request' },
  tooManyUploads: { status: 409, title: 'Too many uploads are open' },
  uploadIncomplete: { status: 400, title: 'The upload ended before all bytes had arrived' },
  checksumMismatch: { status: 400, title: 'The bytes do not match the checksum of the request' },
});
