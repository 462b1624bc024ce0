import { z } from '@hono/zod-openapi';
import { exampleId, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { fileIdSchema, fileSchema } from '../files/index.ts';

const bytes = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a number of bytes')
  .transform(Number);

const tusResumable = z.string().max(20).optional().describe('Version of the tus protocol, `1.0.0`.');

export const tusHeadersSchema = z.object({ 'tus-resumable': tusResumable });

export const createUploadHeadersSchema = tusHeadersSchema.extend({
  'upload-length': bytes.describe(
    'Size of the whole file in bytes. It has to be known: the plan decides about it.',
  ),
  'upload-metadata': z
    .string()
    .max(4000)
    .optional()
    .describe(
      'Keys with their values in base64: `filename`, `filetype`, `access`, `roomId` and `expiresAt`, as `createFile` takes them. ' +
        'Other keys are ignored.',
    ),
});

export const appendUploadHeadersSchema = tusHeadersSchema.extend({
  'upload-offset': bytes.describe('How many bytes came before these: where the upload stands.'),
});

export const uploadSchema = z
  .object({
    id: fileIdSchema.describe('Id of the upload, and of the file that it becomes.'),
    offsetBytes: z.int().describe('How many bytes have been kept.'),
    sizeBytes: z.int().describe('Size of the whole file in bytes.'),
    expiresAt: z.iso
      .datetime()
      .nullable()
      .describe('When the upload is given up without further bytes; null once the file is there.'),
  })
  .openapi('Upload');
export type UploadView = z.output<typeof uploadSchema>;

export const uploadExample: UploadView = {
  id: exampleId('file'),
  offsetBytes: 5_242_880,
  sizeBytes: 48_213_000,
  expiresAt: '2026-01-06T09:30:00.000Z',
};

export const listUploadsSchema = pageQuerySchema;
export type ListUploads = z.output<typeof listUploadsSchema>;

const { name, access, roomId, ownerId } = fileSchema.shape;
export const openUploadSchema = z
  .object({
    id: fileIdSchema.describe('Id of the upload, and of the file that it becomes.'),
    name,
    access,
    roomId,
    ownerId,
    sizeBytes: z
      .int()
      .describe('Size of the whole file in bytes, which counts in the storage of the organization.'),
    createdAt: z.iso.datetime().describe('When the upload began.'),
    expiresAt: z.iso.datetime().describe('When the upload is given up without further bytes.'),
  })
  .openapi('OpenUpload');
export type OpenUploadView = z.output<typeof openUploadSchema>;
export const openUploadPageSchema = pageSchema(openUploadSchema).openapi('OpenUploadPage');

export const openUploadExample: OpenUploadView = {
  id: exampleId('file'),
  name: 'recital.mp4',
  access: 'private',
  roomId: null,
  ownerId: exampleId('user'),
  sizeBytes: 48_213_000,
  createdAt: '2026-01-05T09:30:00.000Z',
  expiresAt: '2026-01-05T10:30:00.000Z',
};
