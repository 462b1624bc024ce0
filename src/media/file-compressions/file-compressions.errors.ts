import { defineErrors } from '../../kernel/core/index.ts';

export const fileCompressionErrors = defineErrors('file_compressions', {
  notFound: { status: 404, title: 'The compression was not found' },
  alreadyRunning: { status: 409, title: 'The file is being compressed already' },
  notCompressible: { status: 409, title: 'Files of this type and size are not compressed' },
  alreadyCompressed: { status: 409, title: 'The file is compressed already' },
  notScanned: { status: 409, title: 'Only files that were scanned and are clean are compressed' },
  notConfigured: { status: 409, title: 'No compression service is configured' },
  tooMany: { status: 409, title: 'Too many files are being compressed' },
});
