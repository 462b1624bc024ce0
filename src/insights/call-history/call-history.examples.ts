import type { CallView, TimelineEntryView, CallParticipantView } from './call-history.schemas.ts';

const knownByEvent = { how: 'event', knownAt: '2026-01-05T09:30:00.412Z', uncertaintySeconds: 0 } as const;
const knownByInference = {
  how: 'inferred',
  knownAt: '2026-01-05T09:58:02.210Z',
  uncertaintySeconds: 41.5,
} as const;

export const callExample: CallView = {
  id: 'call_01jd3v7q8gf4kr2x6a0w9mznpe',
  roomId: 'room_01jd3v7q8gf4kr2x6a0w9mznpe',
  status: 'ended',
  region: 'EU',
  startedAt: '2026-01-05T09:30:00.000Z',
  started: knownByEvent,
  endedAt: '2026-01-05T09:58:02.000Z',
  ended: knownByInference,
  endReason: 'lost',
  durationSeconds: 1682,
  peakParticipants: 2,
  participantSeconds: 3320.5,
  sentBytes: 68_412_330,
  receivedBytes: 68_120_914,
  createdAt: '2026-01-05T09:29:58.120Z',
};

export const participantExample: CallParticipantView = {
  id: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe',
  identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  kind: 'user',
  userId: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  name: 'Ada',
  role: 'host',
  status: 'left',
  region: 'EU',
  joinedAt: '2026-01-05T09:30:00.000Z',
  leftAt: '2026-01-05T09:58:02.000Z',
  connectedSeconds: 1682,
  connections: [
    {
      sid: 'PA_9gZ6DzQxtqVh',
      name: 'Ada',
      connected: true,
      joinedAt: '2026-01-05T09:30:00.000Z',
      joined: knownByEvent,
      leftAt: '2026-01-05T09:58:02.000Z',
      left: knownByInference,
      leaveReason: 'call_ended',
    },
  ],
};

export const timelineEntryExample: TimelineEntryView = {
  occurredAt: '2026-01-05T09:30:04.000Z',
  type: 'track.published',
  known: { ...knownByEvent, knownAt: '2026-01-05T09:30:04.318Z' },
  participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe',
  identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  name: 'Ada',
  connectionSid: 'PA_9gZ6DzQxtqVh',
  trackSid: 'TR_AMbq2uJ9gBXfyt',
  kind: 'audio',
  source: 'microphone',
  reason: null,
};
