import { z } from '@hono/zod-openapi';

const TRANSCRIPT_FORMATS = ['vtt', 'srt', 'txt', 'json'] as const;
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

export const exportQuerySchema = z.strictObject({
  format: z
    .enum(TRANSCRIPT_FORMATS)
    .default('vtt')
    .describe(
      '`vtt` and `srt` are subtitles, `txt` is the text alone, `json` has everything with the words and their times.',
    ),
});
