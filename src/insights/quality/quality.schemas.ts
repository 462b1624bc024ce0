import { z } from '@hono/zod-openapi';
import { idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { sampleSchema, summarySchema, verdictSchema } from '../verdicts/index.ts';
import { FEEDBACK_REASONS } from './quality.tables.ts';

export const callParamsSchema = z.strictObject({ callId: idSchema('call') });

/** Samples of one batch. */
export const MAX_SAMPLES = 60;
const samples = z.array(sampleSchema).min(1).max(MAX_SAMPLES);
/** By the client's own clock: how far it is off shows by when the batch comes. */
const sentAt = z.iso.datetime();
/** Whose it is; people and guests may leave it out, services may not. */
const participantId = idSchema('participant').optional();
const moment = z.iso.datetime();
const bytes = z.number().int();

export const storeSamplesFields = {
  callId: idSchema('call'),
  participantId,
  /** The client's name of its connection: LiveKit's participant sid, for example. */
  connection: z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -'),
  /** Counts the connection's batches; the same one twice is kept once. */
  sequence: z.number().int().min(0).max(1_000_000),
  sentAt,
  samples,
};
export const storeSamplesSchema = z.strictObject(storeSamplesFields);
export type SampleBatchInput = z.output<typeof storeSamplesSchema>;

const batchFields = {
  id: idSchema('sample'),
  callId: idSchema('call'),
  participantId: idSchema('participant'),
  connection: z.string(),
  sequence: z.number().int(),
  /** When the first window began and the last ended, by the server's clock. */
  startedAt: moment,
  endedAt: moment,
  /** What the batch adds to the call's data. */
  sentBytes: bytes,
  receivedBytes: bytes,
};

export const storedBatchSchema = z
  .object({
    ...batchFields,
    kept: z.number().int(),
    /** Out of the call's time, of the future, or more than an hour old. */
    dropped: z.number().int(),
  })
  .openapi('QualityBatch');
export type StoredBatchView = z.output<typeof storedBatchSchema>;

export const listSamplesSchema = pageQuerySchema.extend({
  callId: idSchema('call').optional(),
  participantId,
});
export type ListSamplesQuery = z.output<typeof listSamplesSchema>;

export const sampleBatchSchema = z
  .object({ ...batchFields, samples: z.array(sampleSchema) })
  .openapi('QualitySamples');
export type SampleBatchView = z.output<typeof sampleBatchSchema>;
export const sampleBatchPageSchema = pageSchema(sampleBatchSchema).openapi('QualitySamplesPage');

export const giveFeedbackSchema = z.strictObject({
  participantId,
  rating: z.number().int().min(1).max(5),
  reasons: z
    .array(z.enum(FEEDBACK_REASONS))
    .max(FEEDBACK_REASONS.length)
    .default([])
    .transform((list) => [...new Set(list)]),
  comment: z
    .string()
    .trim()
    .max(2000)
    // Postgres stores neither NUL nor half a character.
    .refine((text) => !text.includes('\u0000') && text.isWellFormed(), 'must be well-formed text')
    .optional(),
});
export type FeedbackInput = z.output<typeof giveFeedbackSchema>;

const feedbackFields = {
  rating: z.number().int(),
  reasons: z.array(z.enum(FEEDBACK_REASONS)),
  comment: z.string().nullable(),
  updatedAt: moment,
};

export const feedbackSchema = z
  .object({ callId: idSchema('call'), participantId: idSchema('participant'), ...feedbackFields })
  .openapi('CallFeedback');
export type FeedbackView = z.output<typeof feedbackSchema>;

const directions = {
  roundTripSeconds: z.number().nullable(),
  send: summarySchema,
  receive: summarySchema,
  verdict: verdictSchema,
};

export const callQualityQuerySchema = z.strictObject({
  /** Only what was measured in this range; for a closer look at a long call. */
  from: moment.optional(),
  to: moment.optional(),
});
export type CallQualityQuery = z.output<typeof callQualityQuerySchema>;

const participantQualitySchema = z
  .object({
    participantId: idSchema('participant'),
    identity: z.string(),
    name: z.string(),
    sentBytes: bytes,
    receivedBytes: bytes,
    ...directions,
    /** Shown to themselves, to administrators and services. */
    feedback: z.object(feedbackFields).nullable(),
  })
  .openapi('ParticipantQuality');
export type ParticipantQualityView = z.output<typeof participantQualitySchema>;

export const callQualitySchema = z
  .object({
    callId: idSchema('call'),
    /** Of what was measured, how much this rests on: of a very large call evenly chosen minutes are looked at. */
    coverage: z.number(),
    participants: z.array(participantQualitySchema),
  })
  .openapi('CallQuality');
export type CallQualityView = z.output<typeof callQualitySchema>;

export const preCallTestSchema = z.strictObject({ samples });
export type PreCallTestInput = z.output<typeof preCallTestSchema>;

export const preCallResultSchema = z.object(directions).openapi('PreCallResult');
export type PreCallResultView = z.output<typeof preCallResultSchema>;
