import { expect } from 'vitest';
import type { Person, TestApp, TestResponse } from '../../support/app.ts';
import {
  createRecordableRoom,
  insertCompressibleRecording,
  insertRecording,
  insertWaitingRecording,
} from '../../support/recordings.ts';
import { newTargetExample } from '../../../src/media/stream-targets/stream-targets.schemas.ts';
import { FakeIngresses } from '../../support/livekit/fake-ingresses.ts';
import { insertPhoneCall, insertTrunk } from '../../support/phone-calls.ts';
import { insertIngress } from '../../support/ingresses.ts';
import { insertReview } from '../../support/moderation.ts';
import { insertStream } from '../../support/streams.ts';
import { createSummary, createTranscript } from '../../support/transcripts.ts';
import { createCompression, createVideoFile } from '../../support/file-compressions.ts';
import { useTranslatingModel } from '../../support/ai/silent-models.ts';
import { startCaptions } from '../../support/captions.ts';
import type { CallOptions, World } from './world.ts';

type RoomOwner = { app: TestApp; owner: Person };

async function expectSuccess(answer: Promise<TestResponse>): Promise<TestResponse['body']> {
  const { status, body } = await answer;
  expect([status, body]).toEqual([expect.toSatisfy((code: number) => code < 300), body]);
  return body;
}

/** A room with its owner in a call, connected to media. */
async function createMeeting({ app, owner }: RoomOwner) {
  const { token } = owner;
  const { id: roomId } = await expectSuccess(
    app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room' } }),
  );
  const path = `/api/v1/rooms/${roomId}`;
  const { callId, participantId } = await expectSuccess(
    app.send('POST', `${path}/token`, { token, body: {} }),
  );
  app.liveKit.cluster.join(callId, owner.userId);
  return {
    roomId: roomId as string,
    path,
    participantId: participantId as string,
    callId: callId as string,
  };
}

export const createParticipant = async (app: TestApp, owner: Person): Promise<string> =>
  (await createMeeting({ app, owner })).participantId;

const poll = { question: 'Tea or coffee?', options: ['Tea', 'Coffee'] };
async function createPoll({ app, owner }: RoomOwner) {
  const { roomId, path } = await createMeeting({ app, owner });
  const { id: pollId } = await expectSuccess(
    app.send('POST', `${path}/polls`, { token: owner.token, body: poll }),
  );
  return { roomId, pollId: pollId as string };
}
export const createPollId = async (app: TestApp, owner: Person): Promise<string> =>
  (await createPoll({ app, owner })).pollId;

async function createBreakouts({ app, owner }: RoomOwner, assignment: string) {
  const { roomId, path } = await createMeeting({ app, owner });
  const body = { rooms: 2, assignment };
  const made = await expectSuccess(app.send('POST', `${path}/breakouts`, { token: owner.token, body }));
  return { roomId, breakoutId: made.id as string, groupId: made.rooms[0].roomId as string };
}
export const createBreakoutId = async (app: TestApp, owner: Person): Promise<string> =>
  (await createBreakouts({ app, owner }, 'manual')).breakoutId;

/** Calls a route on what `make` made, as its owner. */
const prepareWith =
  <T extends Record<string, string>>(make: (made: RoomOwner) => Promise<T>, body?: (made: T) => unknown) =>
  async ({ app }: World): Promise<CallOptions> => {
    const owner = await app.person();
    const made = await make({ app, owner });
    return { token: owner.token, params: made, ...(body ? { body: body(made) } : {}) };
  };
const prepareOccurrence = prepareWith(async ({ app, owner }) => {
  const originalStartsAt = '2026-01-12T09:00:00.000Z';
  const schedule = { startsAt: originalStartsAt, durationSeconds: 60, timeZone: 'UTC', rrule: 'FREQ=DAILY' };
  const body = { name: 'Room', schedule };
  const { id } = await expectSuccess(app.send('POST', '/api/v1/rooms', { token: owner.token, body }));
  return { roomId: id as string, originalStartsAt };
});
const prepareMeeting = prepareWith(createMeeting);
const prepareManualBreakouts = prepareWith((made) => createBreakouts(made, 'manual'));

/** A recording whose file was verified. */
export const prepareRecording = prepareWith(async ({ app, owner }) => {
  const { roomId, callId, organizationId, bucketId } = await createRecordableRoom(app, owner);
  return { roomId, recordingId: await insertRecording(app, { organizationId, roomId, callId, bucketId }) };
});

/** An ingress of a room. */
async function createIngress({ app, owner }: RoomOwner) {
  const { organizationId, token } = owner;
  const { id } = await expectSuccess(app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room' } }));
  const roomId = id as string;
  return { roomId, ingressId: await insertIngress(app, { organizationId, roomId, clusterIngress: 'IN_1' }) };
}
const prepareIngress = prepareWith(createIngress);
const prepareIngressAtCluster = prepareWith(async (made) => {
  const { ports, clock } = made.app.services;
  const cluster = new FakeIngresses(clock.now);
  await cluster.create({
    kind: 'rtmp',
    organizationId: 'org_1',
    identity: 'ing_1',
    name: 'Camera',
    room: null,
  });
  ports.clusters = { ...ports.clusters, ingresses: () => cluster };
  return createIngress(made);
});

/** A room with an active call in which somebody is on the telephone, and a trunk. */
async function createPhoneRoom({ app, owner }: RoomOwner) {
  const { organizationId, token } = owner;
  const { id } = await expectSuccess(app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room' } }));
  const roomId = id as string;
  const phoneTrunkId = await insertTrunk(app, { organizationId });
  const phoneCallId = await insertPhoneCall(app, { organizationId, roomId, phoneTrunkId });
  return { roomId, phoneCallId, phoneTrunkId };
}
/** A room that telephones can call into. */
async function createDialInRoom({ app, owner }: RoomOwner) {
  const { token } = owner;
  const { id } = await expectSuccess(app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room' } }));
  await expectSuccess(app.send('PUT', `/api/v1/rooms/${id}/dial-in`, { token }));
  return { roomId: id as string };
}
const prepareDialIn = prepareWith(createDialInRoom);
const preparePhoneCall = prepareWith(createPhoneRoom);

/** A stream that is sent to one target. */
async function createStream({ app, owner }: RoomOwner) {
  const { roomId, callId, organizationId } = await createRecordableRoom(app, owner);
  return { roomId, ...(await insertStream(app, { organizationId, roomId, callId })) };
}
const prepareStream = prepareWith(createStream);

/** A room whose call has captions. */
const prepareCaptions = prepareWith(async ({ app, owner }) => {
  const room = await createRecordableRoom(app, owner);
  const path = `/api/v1/rooms/${room.roomId}/captions`;
  await expectSuccess(app.send('PUT', path, { token: owner.token, body: {} }));
  return room;
});
/** The request of the program that writes captions, with its token. */
async function prepareReport(app: TestApp, captions: object = {}): Promise<CallOptions> {
  const owner = await app.person({ plan: 'pro' });
  const { roomId } = await createRecordableRoom(app, owner);
  const { report } = await startCaptions(app, owner, roomId, captions);
  return { headers: { authorization: `Bearer ${report.token}` } };
}
const prepareTranscript = prepareWith(({ app, owner }) => createTranscript(app, owner));
const prepareSegment = prepareWith(
  ({ app, owner }) => createTranscript(app, owner),
  () => ({ position: 0, text: 'Good evening.' }),
);
const prepareSummary = prepareWith(({ app, owner }) => createSummary(app, owner));
const prepareFileCompression = prepareWith(({ app, owner }) => createCompression(app, owner));

const createCompressibleRecording = async ({ app, owner }: RoomOwner) => {
  const room = await createRecordableRoom(app, owner);
  return { roomId: room.roomId, recordingId: await insertCompressibleRecording(app, room) };
};
const prepareRecordingCompression = prepareWith(async ({ app, owner }) => {
  const made = await createCompressibleRecording({ app, owner });
  const path = `/api/v1/rooms/${made.roomId}/recordings/${made.recordingId}/compressions`;
  const { id } = await expectSuccess(app.send('POST', path, { token: owner.token, body: {} }));
  return { ...made, compressionId: id as string };
});

/** What the routes of people in rooms, of polls, of breakout rooms and of compressions need. */
/** A room with rules of its own. */
const prepareRoomPolicy = prepareWith(async (made) => {
  const { roomId, path } = await createMeeting(made);
  const body = { rules: [{ name: 'Insults', words: ['blockhead'], action: 'hide' }] };
  await expectSuccess(made.app.send('PUT', `${path}/moderation/policy`, { token: made.owner.token, body }));
  return { roomId };
});

/** A review in a room of the caller. */
const prepareReview = prepareWith(async (made) => {
  const { roomId } = await createMeeting(made);
  return { roomId, reviewId: await insertReview(made.app, made.owner, { roomId }) };
});

export const roomPreparations: Record<string, (world: World) => Promise<CallOptions>> = {
  compressFile: prepareWith(async ({ app, owner }) => ({ fileId: await createVideoFile(app, owner) })),
  createTranscription: prepareWith(
    async ({ app, owner }) => ({ fileId: await createVideoFile(app, owner) }),
    ({ fileId }) => ({ fileId }),
  ),
  getTranscription: prepareTranscript,
  deleteTranscription: prepareTranscript,
  exportTranscript: prepareTranscript,
  listTranscriptSegments: prepareTranscript,
  correctTranscriptSegment: prepareSegment,
  listTranscriptCorrections: prepareTranscript,
  createSummary: prepareWith(
    ({ app, owner }) => createTranscript(app, owner),
    () => ({}),
  ),
  listSummaries: prepareSummary,
  getSummary: prepareSummary,
  deleteSummary: prepareSummary,
  deleteRoomModerationPolicy: prepareRoomPolicy,
  getModerationReview: prepareReview,
  decideModerationReview: prepareReview,
  getFileCompression: prepareFileCompression,
  cancelFileCompression: prepareFileCompression,
  muteParticipant: prepareMeeting,
  muteParticipants: prepareMeeting,
  removeParticipant: prepareMeeting,
  readmitParticipant: prepareMeeting,
  changeParticipantRole: prepareMeeting,
  lowerHand: prepareMeeting,
  setSpotlight: prepareWith(createMeeting, ({ participantId }) => ({ participantId })),
  moveParticipant: async (world) => {
    const owner = await world.app.person();
    const [from, to] = [
      await createMeeting({ app: world.app, owner }),
      await createMeeting({ app: world.app, owner }),
    ];
    return { token: owner.token, params: from, body: { toRoomId: to.roomId } };
  },
  enterRoom: async ({ app }) => {
    const owner = await app.person();
    const [from, to] = [await createMeeting({ app, owner }), await createMeeting({ app, owner })];
    const path = `${from.path}/participants/${from.participantId}/move`;
    await expectSuccess(app.send('POST', path, { token: owner.token, body: { toRoomId: to.roomId } }));
    const { command } = app.liveRooms.appliedCommands.findLast(
      (sent) => sent.command.type === 'participant.moved',
    )!;
    return { params: { roomId: to.roomId }, body: { ticket: 'ticket' in command && command.ticket } };
  },
  answerRecordingConsent: async ({ app }) => {
    const owner = await app.person();
    const { roomId, callId } = await createMeeting({ app, owner });
    const { organizationId } = owner;
    await insertWaitingRecording(app, { organizationId, roomId, callId });
    return { token: owner.token, params: { roomId }, body: { agreed: true } };
  },
  setCaptions: prepareWith(
    ({ app, owner }) => createRecordableRoom(app, owner),
    () => ({}),
  ),
  getCaptions: prepareCaptions,
  stopCaptions: prepareCaptions,
  reportCaptions: ({ app }) => prepareReport(app),
  speakTranslation: ({ app }) => prepareReport(app, { speakIn: [{ language: 'es', voice: 'joe' }] }),
  translateCaption: async ({ app }) => {
    useTranslatingModel(app);
    return prepareReport(app, { translateBy: 'model', translationModel: 'claude-haiku-4-5' });
  },
  startRecording: prepareWith(
    ({ app, owner }) => createRecordableRoom(app, owner),
    ({ bucketId }) => ({ bucketId }),
  ),
  getRecording: prepareRecording,
  stopRecording: prepareRecording,
  getRecordingDownload: prepareRecording,
  compressRecording: prepareWith(createCompressibleRecording),
  listRecordingCompressions: prepareRecordingCompression,
  getRecordingCompression: prepareRecordingCompression,
  cancelRecordingCompression: prepareRecordingCompression,
  holdRecording: prepareRecording,
  releaseRecording: prepareRecording,
  deleteRecording: prepareRecording,
  startStream: prepareWith(
    ({ app, owner }) => createRecordableRoom(app, owner),
    () => ({ targets: [newTargetExample] }),
  ),
  getIngress: prepareIngress,
  updateIngress: prepareIngress,
  deleteIngress: prepareIngress,
  getIngressAddress: prepareIngressAtCluster,
  rotateIngressKey: prepareIngressAtCluster,
  createPhoneCall: prepareWith(createPhoneRoom, ({ phoneTrunkId }) => ({
    phoneTrunkId,
    number: '+493011112222',
  })),
  getDialIn: prepareDialIn,
  rotateDialInPin: prepareDialIn,
  getPhoneCall: preparePhoneCall,
  hangUpPhoneCall: preparePhoneCall,
  transferPhoneCall: preparePhoneCall,
  getStream: prepareStream,
  stopStream: prepareStream,
  addStreamTarget: prepareWith(createStream, () => ({ ...newTargetExample, streamKey: 'another' })),
  removeStreamTarget: prepareStream,
  getOccurrence: prepareOccurrence,
  updateOccurrence: prepareOccurrence,
  cancelOccurrence: prepareOccurrence,
  getPoll: prepareWith(createPoll),
  deletePoll: prepareWith(createPoll),
  vote: prepareWith(createPoll),
  listVotes: prepareWith(createPoll),
  closePoll: prepareWith(createPoll),
  getBreakouts: prepareManualBreakouts,
  assignBreakouts: prepareManualBreakouts,
  recallBreakouts: prepareManualBreakouts,
  chooseBreakout: prepareWith(
    (made) => createBreakouts(made, 'self_chosen'),
    ({ groupId }) => ({ roomId: groupId }),
  ),
};
