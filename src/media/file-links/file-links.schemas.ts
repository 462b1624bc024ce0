import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, momentSchema, pageSchema } from '../../kernel/core/index.ts';
import { fileIdSchema, fileSchema } from '../files/index.ts';
import { TOKEN_PATTERN } from './file-links.rules.ts';

const fileLinkIdSchema = idSchema('fileLink');
export const fileLinksParamsSchema = z.strictObject({ fileId: fileIdSchema.describe('The file.') });
export const fileLinkParamsSchema = fileLinksParamsSchema.extend({
  fileLinkId: fileLinkIdSchema.describe('The link.'),
});

const maxDownloads = z.int().min(1).max(1_000_000);

export const createFileLinkSchema = z.strictObject({
  expiresAt: momentSchema
    .optional()
    .describe('When the link stops working, in the future; absent for never.'),
  password: z
    .string()
    .min(4)
    .max(128)
    .optional()
    .describe('Password that people have to enter to use the link, 4 to 128 characters; absent for none.'),
  maxDownloads: maxDownloads
    .optional()
    .describe('After how many downloads the link stops working, 1 to 1,000,000; absent for any number.'),
});
export type CreateFileLink = z.output<typeof createFileLinkSchema>;
export const createFileLinkExample = { expiresAt: '2027-01-05T09:30:00.000Z', maxDownloads: 10 };

export const fileLinkSchema = z
  .object({
    id: fileLinkIdSchema.describe('Id of the link.'),
    fileId: fileIdSchema.describe('The file that it leads to.'),
    hasPassword: z.boolean().describe('Whether people have to enter a password to use it.'),
    maxDownloads: maxDownloads
      .nullable()
      .describe('After how many downloads it stops working; null for any number.'),
    downloads: z.int().min(0).describe('How many downloads have begun.'),
    lastDownloadedAt: z.iso.datetime().nullable().describe('When the last one began; null before the first.'),
    expiresAt: z.iso.datetime().nullable().describe('When it stops working; null for never.'),
    createdBy: z
      .union([idSchema('user'), idSchema('apiKey')])
      .describe('The user or API key that created it; it works only as long as they could still create it.'),
    createdAt: z.iso.datetime().describe('When it was created.'),
  })
  .openapi('FileLink');
export type FileLinkView = z.output<typeof fileLinkSchema>;
export const fileLinkPageSchema = pageSchema(fileLinkSchema).openapi('FileLinkPage');

const token = z
  .string()
  .regex(TOKEN_PATTERN, 'must be the token of a link to a file')
  .openapi({ example: `alf_${'k3mP0zq7Xy2LrT9wVb5Nd'.repeat(3).slice(0, 43)}` });

export const newFileLinkSchema = fileLinkSchema
  .extend({
    token: token.describe('The token, for `openSharedFile`. Only this response contains it.'),
    url: z
      .string()
      .describe('Address of the page of the web app that downloads the file; it contains the token.'),
  })
  .openapi('NewFileLink');

export const fileLinkExample: FileLinkView = {
  id: exampleId('fileLink'),
  fileId: exampleId('file'),
  hasPassword: false,
  maxDownloads: 10,
  downloads: 3,
  lastDownloadedAt: '2026-01-05T10:30:00.000Z',
  expiresAt: '2027-01-05T09:30:00.000Z',
  createdBy: exampleId('user'),
  createdAt: '2026-01-05T09:30:00.000Z',
};
const tokenExample = `alf_${'k3mP0zq7Xy2LrT9wVb5Nd'.repeat(3).slice(0, 43)}`;
export const newFileLinkExample = {
  ...fileLinkExample,
  downloads: 0,
  lastDownloadedAt: null,
  token: tokenExample,
  url: `https://api.auralink.example/shared-files#token=${tokenExample}`,
};

export const sharedFileTokenSchema = z.strictObject({ token: token.describe('The token of the link.') });
export const sharedFileTokenExample = { token: tokenExample };

export const openSharedFileSchema = sharedFileTokenSchema.extend({
  password: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('The password of a link that has one, 1 to 128 characters.'),
});
export type OpenSharedFile = z.output<typeof openSharedFileSchema>;

const { name, contentType, sizeBytes } = fileSchema.shape;
const withPassword = 'null where a password is needed';

export const sharedFileSchema = z
  .object({
    requiresPassword: z.boolean().describe('Whether a password is needed.'),
    name: name.nullable().describe(`Name of the file; ${withPassword}.`),
    contentType: contentType.nullable().describe(`Media type by the content of the file; ${withPassword}.`),
    sizeBytes: sizeBytes.nullable().describe(`Size in bytes; ${withPassword}.`),
    expiresAt: z.iso.datetime().nullable().describe('When the link stops working; null for never.'),
  })
  .openapi('SharedFile');
export const sharedFileExample = {
  requiresPassword: false,
  name: 'whiteboard.jpg',
  contentType: 'image/jpeg',
  sizeBytes: 48_213,
  expiresAt: '2027-01-05T09:30:00.000Z',
};

export const sharedDownloadSchema = z
  .object({
    name,
    contentType,
    sizeBytes,
    url: z.string().describe('Address of the bytes; ranges of them can be asked for.'),
    expiresAt: z.iso.datetime().describe('When the address stops working, at the latest.'),
  })
  .openapi('SharedDownload');
export const sharedDownloadExample = {
  name: 'whiteboard.jpg',
  contentType: 'image/jpeg',
  sizeBytes: 48_213,
  url: 'https://api.auralink.example/api/v1/shared-downloads/eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJmbGsifQ.c2ln',
  expiresAt: '2026-01-05T10:30:00.000Z',
};
