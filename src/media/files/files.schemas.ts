import { z } from '@hono/zod-openapi';
import {
  exampleId,
  idSchema,
  lineSchema,
  momentSchema,
  pageQuerySchema,
  pageSchema,
} from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { FILE_ACCESS, PREVIEW_STATUSES, SCAN_STATUSES } from './files.enums.ts';
import { RESTORE_DAYS } from './files.rules.ts';
import { previewExample, previewSchema } from './preview.schemas.ts';

export const fileIdSchema = idSchema('file');
export const fileParamsSchema = z.strictObject({ fileId: fileIdSchema.describe('The file.') });

const name = lineSchema(255).describe('Name of the file with its extension, 1 to 255 characters.');
const access = z
  .enum(FILE_ACCESS)
  .describe(
    'Who may read it besides its owner and administrators. `private`: nobody else. `participants`: people who are or were ' +
      'in the call during which it was shared; if there was none, people who had been in an earlier call of the room. ' +
      '`organization`: its members. `public`: everybody who has its address.',
  );
const expiresAt = momentSchema
  .nullable()
  .describe('When the file and its bytes are deleted for good; null for never.')
  .openapi({ example: '2027-01-05T09:30:00.000Z' });

export const listFilesSchema = pageQuerySchema.extend({
  roomId: roomIdSchema.optional().describe('Only files that are shared in this room.'),
  callId: idSchema('call').optional().describe('Only files that were shared during this call.'),
  access: z.enum(FILE_ACCESS).optional().describe('Only files with this access.'),
  deleted: z
    .enum(['true', 'false'])
    .default('false')
    .describe('`true` for deleted files that the caller can restore, instead of the others.'),
});
export type ListFiles = z.output<typeof listFilesSchema>;

export const updateFileSchema = z
  .strictObject({ name: name.optional(), access: access.optional(), expiresAt: expiresAt.optional() })
  .refine((body) => Object.keys(body).length > 0, 'must change something');
export type UpdateFile = z.output<typeof updateFileSchema>;

export const deleteFileQuerySchema = z.strictObject({
  permanently: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      '`true` to delete the bytes at once, even if the file is deleted already. Then it cannot be restored.',
    ),
});

export const fileSchema = z
  .object({
    id: fileIdSchema.describe('Id of the file.'),
    name,
    contentType: z.string().describe('Media type by the content of the file, whatever its name says.'),
    sizeBytes: z.int().describe('Size in bytes.'),
    checksum: z
      .string()
      .nullable()
      .describe('SHA-256 of the bytes in hex; null for a resumable upload until it has been scanned.'),
    access,
    roomId: roomIdSchema.nullable().describe('The room in which it is shared.'),
    callId: idSchema('call').nullable().describe('The call during which it was shared.'),
    ownerId: idSchema('user').nullable().describe('The user whose file it is; null for one of an API key.'),
    scanStatus: z
      .enum(SCAN_STATUSES)
      .describe(
        'Result of the scan: `pending` before it has ended, `clean`, `infected`, `failed` when the file cannot be ' +
          'scanned, or `unscanned` where the service has no scanner. A clean file is served to all who may read it. So is ' +
          'an unscanned file, but always as a download and never by its public address. A pending or failed file is served ' +
          'to its owner only, an infected file not at all.',
      ),
    previewStatus: z
      .enum(PREVIEW_STATUSES)
      .describe(
        'Whether there are small images of it. `none`: for types other than pictures, videos and documents, and for files ' +
          'that are too large or infected. `pending`: they are not made yet. `ready`. `failed`: the content cannot be read.',
      ),
    preview: z
      .union([previewSchema, z.null()])
      .describe('Small images of it; null while they are not ready.'),
    expiresAt,
    deletedAt: z.iso
      .datetime()
      .nullable()
      .describe(`When it was deleted; it can be restored for ${RESTORE_DAYS} days. Null while it is not.`),
    createdAt: z.iso.datetime().describe('When its upload began.'),
    updatedAt: z.iso.datetime().describe('When it was last changed.'),
  })
  .openapi('File');
export type FileView = z.output<typeof fileSchema>;
export const filePageSchema = pageSchema(fileSchema).openapi('FilePage');

export const fileExample: FileView = {
  id: exampleId('file'),
  name: 'whiteboard.jpg',
  contentType: 'image/jpeg',
  sizeBytes: 48_213,
  checksum: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  access: 'participants',
  roomId: exampleId('room'),
  callId: exampleId('call'),
  ownerId: exampleId('user'),
  scanStatus: 'clean',
  previewStatus: 'ready',
  preview: previewExample,
  expiresAt: null,
  deletedAt: null,
  createdAt: '2026-01-05T09:30:00.000Z',
  updatedAt: '2026-01-05T09:30:02.000Z',
};
