import { afterAll, it, type TestContext, vi } from 'vitest';
import { requireRecorder } from '../support/livekit/recorder.ts';
import { Host, type JsonBody } from './support/host.ts';
import { endAllParticipants } from './support/participant.ts';
import { api } from './support/product.ts';

afterAll(endAllParticipants);

/** A busy machine may take long until media flow. */
const WITHIN_MS = 45_000;
/** The stand-in decides by the last digits what a telephone does: see `workers/local/egress/worker/sip.go`. */
const ANSWERS = '+493055551234';
const DECLINES = '+493055559901';
const DOES_NOT_ANSWER = '+493055559902';
const LINE_FAILS = '+493055559903';
const HANGS_UP = '+493055559904';
const TAKES_NO_TRANSFER = '+493055559907';
/** Long enough to be seen on a busy machine. */
const RINGS_LONG = '+493055559908';
const WORKER_DIES = '+493055559906';

/** A call with one participant, and the telephone calls of its room through a trunk. */
async function startCall({ expect }: TestContext) {
  const host = await Host.signUp(api);
  const service = await host.createService();
  const room = await host.createRoom();
  const trunk = await host.callApi('/phone-trunks', 'POST', {
    name: 'Main line',
    address: '127.0.0.1:5060',
    numbers: ['+493012345678'],
    allowedPrefixes: ['+49'],
    username: 'northwind',
    password: 'of-the-line',
  });
  const path = `/rooms/${room.id}/phone-calls`;
  const find = (id: string): Promise<JsonBody> => host.callApi(`${path}/${id}`);
  const ada = await Host.connect(await service.requestAdmission(room.id, 'ada'));
  // The call is active once its cluster has reported that somebody came.
  const dial = async (number: string, body: object = {}) =>
    vi.waitFor(
      async () =>
        (await host.callApi(path, 'POST', { phoneTrunkId: trunk.id, number, ...body })).id as string,
      { interval: 1_000, timeout: WITHIN_MS },
    );
  return {
    host,
    path,
    room: room.id as string,
    ada,
    dial,
    waitFor: (id: string, expected: object) =>
      expect.poll(() => find(id), { timeout: WITHIN_MS, interval: 1_000 }).toMatchObject(expected),
  };
}

// They wait much longer than they compute.
it.concurrent('a telephone rings, is answered, is received by everybody as what it is, and is hung up by a host, by itself or by a transfer', async (context) => {
  requireRecorder(context);
  const { expect } = context;
  const { host, path, room, ada, dial, waitFor } = await startCall(context);
  const id = await dial(RINGS_LONG, { digits: '12w3#' });
  await waitFor(id, { state: 'ringing', answeredAt: null });
  await waitFor(id, { state: 'active', answeredAt: expect.any(String) });
  await expect
    .poll(async () => (await ada.getReceivedMedia()).tracks.filter(({ from }) => from === id), {
      timeout: WITHIN_MS,
    })
    .toEqual([expect.objectContaining({ kind: 'audio', hertz: expect.closeTo(440, -2) })]);
  const { data } = await host.callApi(`/rooms/${room}/participants`);
  expect(data).toContainEqual(
    expect.objectContaining({ identity: id, name: 'Phone …9908', role: 'participant', kind: 'phone' }),
  );
  await host.callApi(`${path}/${id}/hang-up`, 'POST');
  await waitFor(id, { state: 'ended', reason: 'ended_by_host', endedAt: expect.any(String) });
  await expect
    .poll(async () => (await ada.getReceivedMedia()).people, { timeout: WITHIN_MS })
    .not.toContain(id);
  await waitFor(await dial(HANGS_UP), { state: 'ended', reason: 'hung_up' });

  const other = await dial(ANSWERS);
  await waitFor(other, { state: 'active' });
  await host.callApi(`${path}/${other}/transfer`, 'POST', { number: TAKES_NO_TRANSFER });
  await waitFor(other, { state: 'active', transfer: { state: 'failed' } });
  await host.callApi(`${path}/${other}/transfer`, 'POST', { number: DOES_NOT_ANSWER });
  await waitFor(other, { state: 'ended', reason: 'transferred', transfer: { state: 'done' } });
});

it.concurrent('a telephone that is not answered says why, and so does one whose worker dies', async (context) => {
  requireRecorder(context);
  const { dial, waitFor } = await startCall(context);
  const declined = await dial(DECLINES);
  const unanswered = await dial(DOES_NOT_ANSWER);
  const failed = await dial(LINE_FAILS);
  const dying = await dial(WORKER_DIES);
  await waitFor(declined, { state: 'failed', reason: 'declined' });
  await waitFor(unanswered, { state: 'failed', reason: 'no_answer' });
  await waitFor(failed, { state: 'failed', reason: 'line_failed' });
  await waitFor(dying, { state: 'failed', reason: 'lost' });
});
