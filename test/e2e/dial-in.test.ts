import { afterEach, expect, it } from 'vitest';
import { requireRecorder } from '../support/livekit/recorder.ts';
import { Host, type JsonBody } from './support/host.ts';
import { endAllParticipants } from './support/participant.ts';
import { api } from './support/product.ts';

afterEach(endAllParticipants);

/** A busy machine may take long until media flow. */
const WITHIN_MS = 45_000;
const NUMBER = '+493012345600';

/** Somebody calls a number of the organization, from where its provider sends calls, and presses a PIN. */
async function callIn(pin: string, password = 'of-the-provider'): Promise<JsonBody> {
  const { port, hostname } = new URL(api);
  const body = JSON.stringify({
    from: '+493098765432',
    to: NUMBER,
    sourceIp: '192.0.2.7',
    username: 'northwind',
    password,
    pin,
  });
  const answer = await fetch(`http://${hostname}:${Number(port) + 14}/calls`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as JsonBody;
}

/** A call with one participant, in a room that telephones can call into. */
async function startCall() {
  const host = await Host.signUp(api);
  const service = await host.createService();
  const { id: room } = await host.createRoom();
  await host.callApi('/phone-numbers', 'POST', {
    name: 'Main line',
    number: NUMBER,
    allowedNetworks: ['192.0.2.0/24'],
    username: 'northwind',
    password: 'of-the-provider',
  });
  const { pin } = await host.callApi(`/rooms/${room}/dial-in`, 'PUT');
  const ada = await Host.connect(await service.requestAdmission(room, 'ada'));
  await expect
    .poll(() => host.callApi(`/rooms/${room}/dial-in`), { timeout: WITHIN_MS })
    .toMatchObject({ state: 'open', numbers: [NUMBER] });
  return { host, room: room as string, ada, pin: pin as string };
}

it('somebody who calls a number and presses the PIN is received in the running call; one with a wrong PIN, one whom a moderator removed, and one after the call are not', async (context) => {
  requireRecorder(context);
  const { host, room, ada, pin } = await startCall();
  expect(await callIn('0000000000')).toMatchObject({ result: 'wrong-pin' });
  expect(await callIn(pin, 'another')).toMatchObject({ result: 'unauthorized' });
  const { result, identity } = await callIn(pin);
  expect(result).toBe('accepted');
  await expect
    .poll(async () => (await ada.getReceivedMedia()).tracks.filter(({ from }) => from === identity), {
      timeout: WITHIN_MS,
    })
    .toEqual([expect.objectContaining({ kind: 'audio', hertz: expect.closeTo(440, -2) })]);
  const calls = async () => (await host.callApi(`/rooms/${room}/phone-calls`)).data;
  await expect
    .poll(calls, { timeout: WITHIN_MS })
    .toEqual([expect.objectContaining({ direction: 'in', state: 'active', name: 'Phone 5432' })]);
  const [{ participantId }] = await calls();
  await host.callApi(`/rooms/${room}/participants/${participantId}`, 'DELETE');
  await expect.poll(calls, { timeout: WITHIN_MS }).toMatchObject([{ state: 'ended', reason: 'removed' }]);
  await callIn(pin);
  await expect
    .poll(async () => (await ada.getReceivedMedia()).people, { timeout: WITHIN_MS })
    .not.toContain(identity);
  await host.callApi(`/rooms/${room}/end`, 'POST');
  await expect
    .poll(() => callIn(pin).then((answer) => answer.result, String), { timeout: WITHIN_MS })
    .toMatch(/wrong-pin|dropped/);
});
