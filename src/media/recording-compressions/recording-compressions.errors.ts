import { defineErrors } from '../../kernel/core/index.ts';

export const recordingCompressionErrors = defineErrors('recording_compressions', {
  notFound: { status: 404, title: 'The compression was not found' },
  inBucket: { status: 409, title: 'Recordings in buckets of the organization are not compressed' },
  alreadyCompressed: { status: 409, title: 'The recording is compressed already' },
  notCompressible: {
    status: 409,
    title: 'Recordings without a picture, and of this size, are not compressed',
  },
});
