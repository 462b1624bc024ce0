import { z } from '@hono/zod-openapi';
import { DOCUMENT_IMAGES } from '../compression/index.ts';
import { PREVIEW_IMAGES } from './files.enums.ts';

const pixels = (what: string) => z.int().min(1).describe(`${what} in pixels.`);

export const previewImageSchema = z
  .object({
    name: z.enum(PREVIEW_IMAGES).describe('Name of the image, for `downloadPreview`.'),
    contentType: z.string().describe('Media type: `image/webp` or `image/avif`.'),
    width: pixels('Width'),
    height: pixels('Height'),
    sizeBytes: z.int().min(1).describe('Size in bytes.'),
  })
  .openapi('PreviewImage');
export type PreviewImage = z.output<typeof previewImageSchema>;

export const previewSchema = z
  .object({
    width: z
      .int()
      .min(1)
      .describe(
        'Width of the picture or video as it is shown, in pixels; for a document, of its first page, in points.',
      ),
    height: z
      .int()
      .min(1)
      .describe(
        'Height of the picture or video as it is shown, in pixels; for a document, of its first page, in points.',
      ),
    durationSeconds: z
      .number()
      .min(0)
      .nullable()
      .describe('Duration of a video in seconds; null for a picture or document.'),
    pageCount: z
      .int()
      .min(1)
      .optional()
      .describe('How many pages a PDF document has; missing for all other types, office documents included.'),
    shows: z
      .enum(DOCUMENT_IMAGES)
      .optional()
      .describe(
        'Contents of the images of a document. `pages`: as they look (PDF). `text`: the beginning, without layout. ' +
          '`thumbnail`: the image that an office program stored in it, which may show an older text. Missing for pictures and ' +
          'videos, and for images made before this field existed.',
      ),
    blurhash: z
      .string()
      .describe('A blurred image in about 30 characters (BlurHash), to show until another has arrived.'),
    images: z
      .array(previewImageSchema)
      .describe(
        'Without the metadata of the file, such as where it was taken. For a picture: `thumbnail.webp`, at most 320 ' +
          'pixels wide and high, `large.webp` and `large.avif`, at most 1280. For a video: `poster.webp`, and `strip.webp`, ' +
          'its frames side by side. For a document (PDF, text, Office Open XML, OpenDocument): `thumbnail.webp` and ' +
          '`large.webp` of its first page; for a PDF also `page-2.webp`, `page-3.webp`.',
      ),
  })
  .openapi('FilePreview');
export type Preview = z.output<typeof previewSchema>;

export const previewExample: Preview = {
  width: 4032,
  height: 3024,
  durationSeconds: null,
  blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
  images: [
    { name: 'thumbnail.webp', contentType: 'image/webp', width: 320, height: 240, sizeBytes: 9_406 },
    { name: 'large.webp', contentType: 'image/webp', width: 1280, height: 960, sizeBytes: 88_214 },
    { name: 'large.avif', contentType: 'image/avif', width: 1280, height: 960, sizeBytes: 61_377 },
  ],
};
