import { z } from '@hono/zod-openapi';
import { momentSchema } from '../../kernel/core/index.ts';
import { roomIdSchema } from '../../rooms/rooms/index.ts';
import { fileSchema } from '../files/index.ts';

const { name, access } = fileSchema.shape;

/** What the client states about a file, for an upload in one request or in several. */
export const newFileFields = {
  name,
  access: access.optional(),
  roomId: roomIdSchema
    .optional()
    .describe('The room to share the file in, during its open call if it has one.'),
  expiresAt: momentSchema
    .optional()
    .describe('When the file is deleted for good, in the future; absent for never.'),
};
export const createFileSchema = z.strictObject({
  ...newFileFields,
  access: newFileFields.access.describe(
    'Who may read it: `private`, `participants`, `organization` or `public`; by default `participants` in a room, else `private`.',
  ),
});
export type NewFile = z.output<typeof createFileSchema>;

const DIGEST = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;

export const createFileHeadersSchema = z.object({
  'content-digest': z
    .string()
    .regex(DIGEST, 'must be sha-256=: and 32 bytes in base64, followed by a colon')
    .optional()
    .describe(
      'SHA-256 of the bytes as in RFC 9530, `sha-256=:…:`; the upload is refused if the bytes do not match it.',
    ),
});

/** The SHA-256 of a `Content-Digest` in lower-case hex. */
export function checksumOf(digest: string | undefined): string | undefined {
  const base64 = digest === undefined ? undefined : DIGEST.exec(digest)?.[1];
  if (base64 === undefined) return undefined;
  return Array.from(atob(base64), (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
