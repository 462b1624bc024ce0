import { z } from '@hono/zod-openapi';

export const contentQuerySchema = z.strictObject({
  disposition: z
    .enum(['attachment', 'inline'])
    .default('attachment')
    .describe(
      '`inline` shows images, sound, video and plain text instead of downloading them. Other types, and files without a ' +
        'scan (`scanStatus` is `unscanned`), are always downloaded.',
    ),
});
export type ContentQuery = z.output<typeof contentQuerySchema>;

const header = (description: string) => z.string().max(1000).optional().describe(description);

export const contentHeadersSchema = z.object({
  range: header('Bytes to return, `bytes=0-499`; a request for several ranges is answered with all bytes.'),
  'if-range': header(
    'ETag or date of the copy that the range continues; if the version is another one, all bytes are returned.',
  ),
  'if-none-match': header('ETags of copies that the caller has; 304 when one of them is current.'),
  'if-modified-since': header('Date of the copy that the caller has; used only without `If-None-Match`.'),
});
export type ContentHeaders = z.output<typeof contentHeadersSchema>;

/**
 * The answers of a route with bytes.
 * @param noun whose bytes they are: `file`
 */
export const bytesAnswers = (noun: string, mediaTypes: readonly string[]) => ({
  200: { description: `All bytes of the ${noun}`, mediaTypes },
  206: { description: 'The bytes of the range', mediaTypes },
  304: { description: "The caller's copy is current" },
  416: { description: `The ${noun} has no bytes in the range; \`Content-Range\` says how many it has` },
});

export const signedParamsSchema = z.strictObject({
  token: z
    .string()
    .max(2000)
    .regex(/^[\w.-]+$/, 'must be the token of a download address')
    .describe('The signature in the address of the download.'),
});

export const downloadUrlSchema = z
  .object({
    url: z.string().describe('Address of the bytes, which needs no credential.'),
    expiresAt: z.iso.datetime().describe('When the address stops working.'),
  })
  .openapi('DownloadUrl');
export type DownloadUrlView = z.output<typeof downloadUrlSchema>;

export const downloadUrlExample: DownloadUrlView = {
  url: 'https://api.auralink.example/api/v1/downloads/eyJhbGciOiJFZERTQSJ9',
  expiresAt: '2026-01-05T10:30:00.000Z',
};
