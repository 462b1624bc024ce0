import { afterEach, expect, it } from 'vitest';
import { requireMediaServer } from '../support/livekit/server.ts';
import { Host } from './support/host.ts';
import { endAllParticipants, Participant } from './support/participant.ts';
import { api } from './support/product.ts';

afterEach(endAllParticipants);

/** `INTRUSION_SECONDS=150` tries for as long as the media server takes the token. */
const SECONDS = Number(process.env.INTRUSION_SECONDS ?? 20);
/** The first two connections end by their webhooks, which takes longer on a busy machine; later ones are not made. */
const MAX_PRESENCE_MS = 3_000;

it('a removed participant who keeps reconnecting is kept out', async (context) => {
  requireMediaServer(context);
  const host = await Host.signUp(api);
  const service = await host.createService();
  const room = await host.createRoom();
  const ada = await Host.connect(await host.requestAdmission(room.id));
  const admission = await service.requestAdmission(room.id, 'eve');
  const eve = await Host.connect(admission);
  await ada.waitUntil(({ people }) => people.length === 1);
  await host.callApi(`/rooms/${room.id}/participants/${admission.participantId}`, 'DELETE');
  await eve.waitUntil(({ disconnected }) => disconnected === 'PARTICIPANT_REMOVED');
  await ada.waitUntil(({ people }) => people.length === 0);
  await ada.publish('audio');

  const seen = await Participant.intrude(admission.url, admission.token, SECONDS * 1_000);
  // eslint-disable-next-line no-console -- a figure for the documentation
  console.info(`in ${SECONDS} s`, seen);
  expect(seen.attempts).toBeGreaterThan(SECONDS / 5);
  expect(seen.connectedMs).toBeLessThan(MAX_PRESENCE_MS);
  await ada.waitUntil(({ people }) => people.length === 0);
}, 240_000);
