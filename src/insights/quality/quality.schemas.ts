import { z } from '@hono/zod-openapi';
import {
  idSchema,
  linesOrEmptySchema,
  momentSchema,
  pageQuerySchema,
  pageSchema,
} from '../../kernel/core/index.ts';
import { anySampleSchema, sampleSchema, summarySchema, verdictSchema } from '../verdicts/index.ts';
import { FEEDBACK_REASONS } from './quality.enums.ts';

const callId = idSchema('call').describe('Id of the call.');
const participantId = idSchema('participant').describe('Id of the participant in the call.');
const moment = (description: string) => z.iso.datetime().describe(description);
const int = (description: string) => z.number().int().describe(description);

export const callParamsSchema = z.strictObject({ callId });

/** Samples of one batch. */
export const MAX_SAMPLES = 60;
const samples = z.array(anySampleSchema).min(1).max(MAX_SAMPLES);
const reportedParticipant = participantId
  .optional()
  .describe(
    'Id of the participant; required with an API key. Members and guests may leave it out: they report for themselves.',
  );

export const storeSamplesFields = {
  callId,
  participantId: reportedParticipant,
  connection: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')
    .describe(
      'Name that the client gives the connection, for example LiveKit’s participant sid: 1 to 64 letters, digits, `_` or `-`.',
    ),
  sequence: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .describe(
      'Number of the batch on this connection, from 0 to 1,000,000; a number that was received is not stored again.',
    ),
  sentAt: momentSchema.describe(
    'When the batch is sent, by the client’s clock; the difference to the server’s clock corrects `measuredAt`.',
  ),
  samples: samples.describe(
    `What the connection measured, 1 to ${MAX_SAMPLES} samples. One with a value outside of its bounds, and one that is null, is ` +
      'left out and counted in `dropped`.',
  ),
};
export const storeSamplesSchema = z.strictObject(storeSamplesFields);
export type SampleBatchInput = z.output<typeof storeSamplesSchema>;

const batchFields = {
  id: idSchema('sample').describe('Id of the batch.'),
  callId,
  participantId,
  connection: z.string().describe('Name that the client gave the connection.'),
  sequence: int('Number of the batch on this connection'),
  startedAt: moment('Start of the first window, by the server’s clock.'),
  endedAt: moment('End of the last window, by the server’s clock.'),
  sentBytes: int('Bytes that this batch adds to what the participant sent'),
  receivedBytes: int('Bytes that this batch adds to what the participant received'),
};

export const storedBatchSchema = z
  .object({
    ...batchFields,
    kept: int('Samples that were stored'),
    dropped: int(
      'Samples that were dropped: with a value outside of its bounds, in the future, outside of the call, more than an hour old, or with the same end as another',
    ),
  })
  .openapi('QualityBatch', { description: 'The stored part of a batch.' });
export type StoredBatchView = z.output<typeof storedBatchSchema>;

export const listSamplesSchema = pageQuerySchema.extend({
  callId: callId.optional().describe('Only samples of this call.'),
  participantId: participantId.optional().describe('Only samples of this participant.'),
});
export type ListSamplesQuery = z.output<typeof listSamplesSchema>;

export const sampleBatchSchema = z
  .object({
    ...batchFields,
    samples: z.array(sampleSchema).describe('The samples; `measuredAt` is by the server’s clock.'),
  })
  .openapi('QualitySamples', { description: 'A batch with its samples.' });
export type SampleBatchView = z.output<typeof sampleBatchSchema>;
export const sampleBatchPageSchema = pageSchema(sampleBatchSchema).openapi('QualitySamplesPage');

export const giveFeedbackSchema = z.strictObject({
  participantId: reportedParticipant,
  rating: z.number().int().min(1).max(5).describe('From 1 (bad) to 5 (excellent).'),
  reasons: z
    .array(z.enum(FEEDBACK_REASONS))
    .max(FEEDBACK_REASONS.length)
    .default([])
    .transform((list) => [...new Set(list)])
    .describe('What was wrong; `other` is explained in `comment`.'),
  comment: linesOrEmptySchema(2000)
    .optional()
    .describe('In the participant’s own words, up to 2,000 characters.'),
});
export type FeedbackInput = z.output<typeof giveFeedbackSchema>;

const feedbackFields = {
  rating: int('From 1 (bad) to 5 (excellent)'),
  reasons: z.array(z.enum(FEEDBACK_REASONS)).describe('What was wrong.'),
  comment: z.string().nullable().describe('In the participant’s own words; null when there is none.'),
  updatedAt: moment('When the feedback was given, or last replaced.'),
};

export const feedbackSchema = z
  .object({ callId, participantId, ...feedbackFields })
  .openapi('CallFeedback', { description: 'A participant’s feedback on a call.' });
export type FeedbackView = z.output<typeof feedbackSchema>;

const directions = {
  roundTripSeconds: z
    .number()
    .nullable()
    .describe('Mean round trip to the media server in seconds; null when not measured.'),
  send: summarySchema,
  receive: summarySchema,
  verdict: verdictSchema,
};

export const callQualityQuerySchema = z.strictObject({
  from: momentSchema
    .optional()
    .openapi({ description: 'Only what was measured after this moment: a closer look at a long call.' }),
  to: momentSchema.optional().openapi({ description: 'Only what was measured until this moment.' }),
});
export type CallQualityQuery = z.output<typeof callQualityQuerySchema>;

const participantQualitySchema = z
  .object({
    participantId,
    identity: z.string().describe('Identity in the call.'),
    name: z.string().describe('Latest display name in this call.'),
    sentBytes: int('Bytes sent in the whole call, as the clients report; 0 when none has reported'),
    receivedBytes: int('Bytes received in the whole call, as the clients report; 0 when none has reported'),
    ...directions,
    feedback: z
      .object(feedbackFields)
      .nullable()
      .describe(
        'The participant’s feedback; null when there is none, and for callers who are neither the participant, an ' +
          'administrator of the organization’s rooms nor an API key.',
      ),
  })
  .openapi('ParticipantQuality', { description: 'Quality of a call for one participant.' });
export type ParticipantQualityView = z.output<typeof participantQualitySchema>;

export const callQualitySchema = z
  .object({
    callId,
    coverage: z
      .number()
      .describe('Fraction of samples used, 0 to 1; very large calls are sampled at even intervals.'),
    participants: z.array(participantQualitySchema).describe('All participants of the call.'),
  })
  .openapi('CallQuality', { description: 'Quality of a call for each participant.' });
export type CallQualityView = z.output<typeof callQualitySchema>;

export const preCallTestSchema = z.strictObject({
  samples: samples.describe(
    `The measurements, 1 to ${MAX_SAMPLES} samples of half a minute or more in total. A sample with a value ` +
      'outside of its bounds does not count. `publisherIdentity` of the media that comes back is `self`.',
  ),
});
export type PreCallTestInput = z.output<typeof preCallTestSchema>;

export const preCallResultSchema = z
  .object(directions)
  .openapi('PreCallResult', { description: 'Result of a connection test.' });
export type PreCallResultView = z.output<typeof preCallResultSchema>;
