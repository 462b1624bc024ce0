import { expect } from 'vitest';
import type { Person, TestApp, TestResponse } from '../../support/app.ts';
import type { Call, World } from './world.ts';

type Made = { app: TestApp; owner: Person };

async function done(answer: Promise<TestResponse>): Promise<TestResponse['body']> {
  const { status, body } = await answer;
  expect([status, body]).toEqual([expect.toSatisfy((code: number) => code < 300), body]);
  return body;
}

/** A room with its owner in a call, connected to media. */
async function meetingOf({ app, owner }: Made) {
  const { token } = owner;
  const { id: roomId } = await done(app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room' } }));
  const path = `/api/v1/rooms/${roomId}`;
  const { callId, participantId } = await done(app.send('POST', `${path}/token`, { token, body: {} }));
  app.liveKit.cluster.join(callId, owner.userId);
  return { roomId: roomId as string, path, participantId: participantId as string };
}

export const participantOf = async (app: TestApp, owner: Person): Promise<string> =>
  (await meetingOf({ app, owner })).participantId;

const poll = { question: 'Tea or coffee?', options: ['Tea', 'Coffee'] };
async function pollOf({ app, owner }: Made) {
  const { roomId, path } = await meetingOf({ app, owner });
  const { id: pollId } = await done(app.send('POST', `${path}/polls`, { token: owner.token, body: poll }));
  return { roomId, pollId: pollId as string };
}
export const pollIdOf = async (app: TestApp, owner: Person): Promise<string> =>
  (await pollOf({ app, owner })).pollId;

async function breakoutsOf({ app, owner }: Made, assignment: string) {
  const { roomId, path } = await meetingOf({ app, owner });
  const body = { rooms: 2, assignment };
  const made = await done(app.send('POST', `${path}/breakouts`, { token: owner.token, body }));
  return { roomId, breakoutId: made.id as string, groupId: made.rooms[0].roomId as string };
}
export const breakoutIdOf = async (app: TestApp, owner: Person): Promise<string> =>
  (await breakoutsOf({ app, owner }, 'manual')).breakoutId;

/** Calls a route on what `make` made, as its owner. */
const on =
  <T extends Record<string, string>>(make: (made: Made) => Promise<T>, body?: (made: T) => unknown) =>
  async ({ app }: World): Promise<Call> => {
    const owner = await app.person();
    const made = await make({ app, owner });
    return { token: owner.token, params: made, ...(body ? { body: body(made) } : {}) };
  };
const inMeeting = on(meetingOf);
const manual = on((made) => breakoutsOf(made, 'manual'));

/** What the routes of people in rooms, of polls and of breakout rooms need. */
export const preparedRooms: Record<string, (world: World) => Promise<Call>> = {
  muteParticipant: inMeeting,
  muteParticipants: inMeeting,
  removeParticipant: inMeeting,
  readmitParticipant: inMeeting,
  changeParticipantRole: inMeeting,
  lowerHand: inMeeting,
  setSpotlight: on(meetingOf, ({ participantId }) => ({ participantId })),
  moveParticipant: async (world) => {
    const owner = await world.app.person();
    const [from, to] = [
      await meetingOf({ app: world.app, owner }),
      await meetingOf({ app: world.app, owner }),
    ];
    return { token: owner.token, params: from, body: { toRoomId: to.roomId } };
  },
  enterRoom: async ({ app }) => {
    const owner = await app.person();
    const [from, to] = [await meetingOf({ app, owner }), await meetingOf({ app, owner })];
    const path = `${from.path}/participants/${from.participantId}/move`;
    await done(app.send('POST', path, { token: owner.token, body: { toRoomId: to.roomId } }));
    const { command } = app.liveRooms.told.findLast((told) => told.command.type === 'participant.moved')!;
    return { params: { roomId: to.roomId }, body: { ticket: 'ticket' in command && command.ticket } };
  },
  getPoll: on(pollOf),
  deletePoll: on(pollOf),
  vote: on(pollOf),
  listVotes: on(pollOf),
  closePoll: on(pollOf),
  getBreakouts: manual,
  assignBreakouts: manual,
  recallBreakouts: manual,
  chooseBreakout: on(
    (made) => breakoutsOf(made, 'self_chosen'),
    ({ groupId }) => ({ roomId: groupId }),
  ),
};
