import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, linesSchema, pageSchema } from '../../kernel/core/index.ts';

const MAX_TEXT = 5_000;
const moment = z.iso.datetime();
const confidence = z.number().min(0).max(1).nullable();
const seconds = (what: string) => z.number().min(0).describe(`${what}, in seconds from the start.`);
const position = z.int().min(0).max(1_000_000_000);

export const correctSegmentSchema = z.strictObject({
  position: position.describe('The position of the segment.'),
  text: linesSchema(MAX_TEXT).describe('What was said.'),
  version: z
    .int()
    .min(1)
    .optional()
    .describe('The version of the segment that is corrected. Default: the newest.'),
});
export type CorrectSegment = z.output<typeof correctSegmentSchema>;

export const segmentSchema = z
  .object({
    position: z
      .int()
      .min(0)
      .describe('Its position: segments are in this order, with gaps between the numbers.'),
    startSeconds: seconds('Where it begins'),
    endSeconds: seconds('Where it ends'),
    text: z.string().describe('The text, as corrected.'),
    confidence: confidence.describe('The confidence of the model; null when it reports none.'),
    speaker: z
      .string()
      .nullable()
      .describe(
        'The identity that spoke, in a call, or in a recording of one participant or microphone. Null ' +
          'when it is unknown, or once that user is erased.',
      ),
    language: z
      .string()
      .nullable()
      .describe('The language of this segment, in a call; null when it is that of the transcription.'),
    isGap: z
      .boolean()
      .describe('True when nothing was transcribed, because no engine was available in that time.'),
    words: z
      .array(
        z.object({
          text: z.string().describe('The word, with its punctuation.'),
          startSeconds: seconds('Where it begins'),
          endSeconds: seconds('Where it ends'),
          confidence: confidence.describe('The confidence of the model; null when it reports none.'),
        }),
      )
      .describe('The words as the model recognized them; a correction does not change them.'),
    correctedBy: z
      .string()
      .nullable()
      .describe('The user or API key that corrected it last; null without a correction.'),
    correctedAt: moment.nullable().describe('When it was corrected last; null without a correction.'),
    version: z.int().min(1).describe('A number that grows with each correction.'),
  })
  .openapi('TranscriptSegment');
export type SegmentView = z.output<typeof segmentSchema>;
export const segmentPageSchema = pageSchema(segmentSchema).openapi('TranscriptSegmentPage');

export const segmentExample: SegmentView = {
  position: 20_003,
  startSeconds: 124.3,
  endSeconds: 126.9,
  text: 'The budget review moved to Thursday.',
  confidence: 0.93,
  speaker: null,
  language: null,
  isGap: false,
  words: [{ text: 'The', startSeconds: 124.3, endSeconds: 124.42, confidence: 0.98 }],
  correctedBy: null,
  correctedAt: null,
  version: 1,
};

export const correctionSchema = z
  .object({
    id: idSchema('correction').describe('Id of the correction.'),
    position: position.describe('The position of the segment.'),
    previousText: z.string().describe('The text before the correction.'),
    text: z.string().describe('The text after the correction.'),
    correctedBy: z
      .string()
      .nullable()
      .describe('The user or API key that corrected it; null once that user is erased.'),
    createdAt: moment.describe('When it was corrected.'),
  })
  .openapi('TranscriptCorrection');
export type CorrectionView = z.output<typeof correctionSchema>;
export const correctionPageSchema = pageSchema(correctionSchema).openapi('TranscriptCorrectionPage');

export const correctionExample: CorrectionView = {
  id: exampleId('correction'),
  position: 20_003,
  previousText: 'The budget revue moved to Thursday.',
  text: 'The budget review moved to Thursday.',
  correctedBy: exampleId('user'),
  createdAt: '2026-01-05T11:00:00.000Z',
};
