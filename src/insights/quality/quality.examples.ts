import type { Sample } from '../verdicts/index.ts';
import type {
  CallQualityView,
  FeedbackView,
  StoredBatchView,
  PreCallResultView,
  SampleBatchView,
} from './quality.schemas.ts';

/** Examples of the API reference. */

const callId = 'call_01jd3v7q8gf4kr2x6a0w9mznpe';
const participantId = 'prt_01jd3v7q8gf4kr2x6a0w9mznpe';
const identity = 'usr_01jd3v7q8gf4kr2x6a0w9mznpe';
const startedAt = '2026-01-05T09:30:00.000Z';
const endedAt = '2026-01-05T09:30:05.000Z';

const sample: Sample = {
  measuredAt: endedAt,
  windowSeconds: 5,
  roundTripSeconds: 0.048,
  availableOutgoingBps: 2_400_000,
  protocol: 'udp',
  candidateType: 'srflx',
  sentBytes: 318_204,
  receivedBytes: 911_470,
  tracks: [
    {
      direction: 'send',
      kind: 'audio',
      source: 'microphone',
      packets: 250,
      packetsLost: 21,
      jitterSeconds: 0.004,
      bitrateBps: 40_000,
    },
    {
      direction: 'receive',
      kind: 'video',
      source: 'camera',
      publisherIdentity: 'gst_01jd3v7q8gf4kr2x6a0w9mznpe',
      packets: 610,
      packetsLost: 0,
      jitterSeconds: 0.006,
      bitrateBps: 1_170_000,
      framesPerSecond: 25,
      width: 1280,
      height: 720,
      freezes: 0,
      freezeSeconds: 0,
    },
  ],
};

/** The same connection for half a minute. */
export const preCallExample = {
  samples: Array.from({ length: 6 }, (_each, index) => ({
    ...sample,
    measuredAt: new Date(Date.parse(endedAt) + index * 5000).toISOString(),
  })),
};

export const storeSamplesExample = {
  callId,
  participantId,
  connection: 'PA_2kXw7Qh4mZpL',
  sequence: 0,
  sentAt: endedAt,
  samples: [sample],
};

const batch = {
  id: 'smp_01jd3v7q8gf4kr2x6a0w9mznpe',
  callId,
  participantId,
  connection: 'PA_2kXw7Qh4mZpL',
  sequence: 0,
  startedAt,
  endedAt,
  sentBytes: 318_204,
  receivedBytes: 911_470,
};
export const storedBatchExample: StoredBatchView = { ...batch, kept: 1, dropped: 0 };
export const sampleBatchExample: SampleBatchView = { ...batch, samples: [sample] };

export const feedbackExample: FeedbackView = {
  callId,
  participantId,
  rating: 3,
  reasons: ['audio_dropouts'],
  comment: 'I could not be understood at the beginning',
  updatedAt: '2026-01-05T10:00:00.000Z',
};

export const preCallResultExample: PreCallResultView = {
  roundTripSeconds: 0.048,
  send: {
    measuredSeconds: 30,
    mos: 2.71,
    videoIndex: null,
    lossRatio: 0.084,
    jitterSeconds: 0.004,
    freezes: 0,
    freezeSeconds: 0,
    bitrateBps: 40_000,
    framesPerSecond: null,
    height: null,
  },
  receive: {
    measuredSeconds: 30,
    mos: null,
    videoIndex: 5,
    lossRatio: 0,
    jitterSeconds: 0.006,
    freezes: 0,
    freezeSeconds: 0,
    bitrateBps: 1_170_000,
    framesPerSecond: 25,
    height: 720,
  },
  verdict: {
    cause: 'uplink_loss',
    side: 'own_uplink',
    publisherIdentity: null,
    share: 1,
    windows: [{ startedAt, endedAt: '2026-01-05T09:30:30.000Z' }],
    evidence: [
      { measure: 'uplink_loss_ratio', relation: 'at_least', limit: 0.03, value: 0.084 },
      { measure: 'downlink_loss_ratio', relation: 'below', limit: 0.03, value: 0 },
      { measure: 'round_trip_rise_seconds', relation: 'below', limit: 0.1, value: 0 },
    ],
    reason: null,
    candidates: [],
    advice: 'Some of what you send is lost: use a network cable or move closer to the Wi-Fi router.',
  },
};

const { callId: _callId, participantId: _participantId, ...feedback } = feedbackExample;
export const callQualityExample: CallQualityView = {
  callId,
  coverage: 1,
  participants: [
    {
      participantId,
      identity,
      name: 'Ada',
      sentBytes: 318_204,
      receivedBytes: 911_470,
      ...preCallResultExample,
      feedback,
    },
  ],
};
