import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageSchema } from '../../kernel/core/index.ts';
import {
  compressFileSchema,
  fileCompressionExample,
  fileCompressionSchema,
} from '../file-compressions/index.ts';
import { recordingParamsSchema } from '../recordings/index.ts';

export const recordingCompressionParamsSchema = recordingParamsSchema.extend({
  compressionId: idSchema('compression').describe('The compression.'),
});

export const compressRecordingSchema = compressFileSchema.omit({ pictureFormat: true });

export const recordingCompressionSchema = z
  .object({
    ...fileCompressionSchema.omit({ fileId: true, pictureFormat: true }).shape,
    recordingId: idSchema('recording').describe('The recording.'),
  })
  .openapi('RecordingCompression');
export type RecordingCompressionView = z.output<typeof recordingCompressionSchema>;
export const recordingCompressionPageSchema =
  pageSchema(recordingCompressionSchema).openapi('RecordingCompressionPage');

const { fileId: _fileId, pictureFormat: _pictureFormat, ...progressExample } = fileCompressionExample;
export const recordingCompressionExample: RecordingCompressionView = {
  ...progressExample,
  recordingId: exampleId('recording'),
};
