import { unpackSamples } from './packing.rules.ts';
import type { Feedback, SampleBatch } from './quality.queries.ts';
import type {
  CallQualityView,
  FeedbackView,
  KeptBatchView,
  PreCallResultView,
  SampleBatchView,
} from './quality.schemas.ts';
import type { CallQuality, PreCallResult } from './read-quality.ts';

const batchFields = ({ id, callId, participantId, connection, sequence, ...batch }: SampleBatch) => ({
  id,
  callId,
  participantId,
  connection,
  sequence,
  startedAt: batch.startedAt.toISOString(),
  endedAt: batch.endedAt.toISOString(),
  sentBytes: batch.bytesSent,
  receivedBytes: batch.bytesReceived,
});

export const presentKept = (batch: SampleBatch): KeptBatchView => ({
  ...batchFields(batch),
  // The identities stand before the samples.
  kept: batch.samples.length - 1,
  dropped: batch.dropped,
});

export const presentBatch = (batch: SampleBatch): SampleBatchView => ({
  ...batchFields(batch),
  samples: unpackSamples(batch.samples).map(({ endMs, ...sample }) => ({
    measuredAt: new Date(endMs).toISOString(),
    ...sample,
  })),
});

const feedbackFields = ({ rating, reasons, comment, updatedAt }: Feedback) => ({
  rating,
  reasons,
  comment,
  updatedAt: updatedAt.toISOString(),
});

export const presentFeedback = (feedback: Feedback): FeedbackView => ({
  callId: feedback.callId,
  participantId: feedback.participantId,
  ...feedbackFields(feedback),
});

export const presentResult = ({ summaries, verdict }: PreCallResult): PreCallResultView => ({
  ...summaries,
  verdict,
});

export const presentQuality = ({ callId, coverage, participants }: CallQuality): CallQualityView => ({
  callId,
  coverage: Math.round(coverage * 1000) / 1000,
  participants: participants.map(({ participantId, identity, name, feedback, ...rest }) => ({
    participantId,
    identity,
    name,
    sentBytes: rest.bytesSent ?? 0,
    receivedBytes: rest.bytesReceived ?? 0,
    ...rest.summaries,
    verdict: rest.verdict,
    feedback: feedback && feedbackFields(feedback),
  })),
});
