import { unpackSamples } from './sample-packing.rules.ts';
import type { FeedbackRow, SampleBatchRow } from './quality.queries.ts';
import type {
  CallQualityView,
  FeedbackView,
  StoredBatchView,
  PreCallResultView,
  SampleBatchView,
} from './quality.schemas.ts';
import type { CallQuality, PreCallResult } from './read-quality.ts';

const batchFields = ({ id, callId, participantId, connection, sequence, ...batch }: SampleBatchRow) => ({
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

export const presentStoredBatch = (batch: SampleBatchRow): StoredBatchView => ({
  ...batchFields(batch),
  // A packed batch starts with its identities.
  kept: batch.samples.length - 1,
  dropped: batch.dropped,
});

export const presentBatch = (batch: SampleBatchRow): SampleBatchView => ({
  ...batchFields(batch),
  samples: unpackSamples(batch.samples).map(({ endMs, ...sample }) => ({
    measuredAt: new Date(endMs).toISOString(),
    ...sample,
  })),
});

const feedbackFields = ({ rating, reasons, comment, updatedAt }: FeedbackRow) => ({
  rating,
  reasons,
  comment,
  updatedAt: updatedAt.toISOString(),
});

export const presentFeedback = (feedback: FeedbackRow): FeedbackView => ({
  callId: feedback.callId,
  participantId: feedback.participantId,
  ...feedbackFields(feedback),
});

export const presentPreCallResult = ({ summaries, verdict }: PreCallResult): PreCallResultView => ({
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
