import { z } from '@hono/zod-openapi';

export const recordingDownloadSchema = z
  .object({
    url: z
      .string()
      .describe(
        'Address of the file, at its bucket or at the product; everybody who has it can download the file. It supports ' +
          'range requests. At the product, `?disposition=inline` lets a page play it.',
      ),
    expiresAt: z.iso.datetime().describe('When the address stops working: after an hour.'),
  })
  .openapi('RecordingDownload');
