import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { requireMediaServer } from '../support/livekit/server.ts';
import { type Browser, openBrowser, requireBrowser } from './support/browser.ts';
import { addBucket } from './support/bucket.ts';
import { Host } from './support/host.ts';
import { endAllParticipants } from './support/participant.ts';
import { api } from './support/product.ts';
import { openRoomSocket, type RoomSocket } from './support/room-socket.ts';

let browser: Browser | undefined;
let socket: RoomSocket | undefined;
afterEach(async () => {
  socket?.close();
  endAllParticipants();
  await browser?.close();
});

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

it('a guest who is a moderator reads messages, votes, reacts, and moderates people, lobby and room', async (context) => {
  requireMediaServer(context);
  browser = await openBrowser(requireBrowser(context));
  const host = await Host.signUp(api);
  const room = await host.createRoom({
    name: 'Weekly',
    features: { recording: true },
    recordingConsent: 'required',
  });
  const link = await host.callApi('/links', 'POST', {
    roomId: room.id,
    defaultRole: 'moderator',
    enableRecording: true,
  });
  const asking = await host.callApi('/links', 'POST', { roomId: room.id, requireApproval: true });
  const admission = await host.requestAdmission(room.id);
  await Host.connect(admission);
  socket = await openRoomSocket(admission.realtime);

  const { page, pageErrors } = await browser.visit(link.url);
  page.setDefaultTimeout(30_000);
  await page.getByLabel('Your name').fill('Ada');
  await page.keyboard.press('Enter');
  await button(page, /^Join$/).click();
  await button(page, 'Leave').waitFor();
  const joined = await socket.waitForFrame('presence.joined', ({ person }) => person.name === 'Ada');

  // Messages: only https becomes a link, which gives nothing away.
  socket.send({ type: 'typing', on: true });
  await button(page, 'Chat').click();
  await page.getByText('A Host is typing…').waitFor();
  const text = 'See https://northwind.example/plan, not http://northwind.example';
  socket.send({ type: 'chat.send', id: 'greeting-1', text });
  const anchor = page.getByRole('link', { name: 'https://northwind.example/plan' });
  expect(await anchor.getAttribute('rel')).toBe('noopener noreferrer');
  expect(await page.getByRole('link', { name: 'http://' }).count()).toBe(0);

  // People: somebody with media alone is counted; the host is put into the spotlight.
  await Host.connect(await (await host.createService()).requestAdmission(room.id, 'phone'));
  await button(page, /^People \(3\)/).click();
  await page
    .getByRole('group', { name: 'Actions for phone' })
    .getByRole('button', { name: 'Mute' })
    .waitFor();
  await page
    .getByRole('group', { name: 'Actions for A Host' })
    .getByRole('button', { name: 'Spotlight' })
    .click();
  const spotlit = await socket.waitForFrame('spotlight.changed', () => true);
  expect(spotlit).toMatchObject({ identity: host.userId, by: joined.person.identity });
  await page
    .getByRole('list', { name: 'Participants' })
    .getByText(/Spotlight · .*A Host/)
    .waitFor();

  // The lobby.
  await fetch(`${api}/api/v1/links/${asking.code}/join`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'Wanda' }),
  });
  await page.getByRole('heading', { name: 'Waiting to be let in' }).waitFor();
  await page.getByText('Wanda is waiting to be let in.').waitFor();
  await button(page, 'Let in').click();
  await expect.poll(async () => (await host.callApi(`/rooms/${room.id}/lobby`)).data).toEqual([]);
  await page.getByText('Wanda is waiting to be let in.').waitFor({ state: 'hidden' });

  // Polls and reactions.
  await host.callApi(`/rooms/${room.id}/polls`, 'POST', { question: 'When?', options: ['Now', 'Later'] });
  await button(page, 'Polls (1)').click();
  await page.getByRole('radio', { name: 'Later' }).check();
  await button(page, /^Vote$/).click();
  await button(page, 'Change vote').waitFor();
  const { data } = await host.callApi(`/rooms/${room.id}/polls`);
  expect(data[0].options.map(({ votes }: { votes: number }) => votes)).toEqual([0, 1]);
  await button(page, 'React').click();
  await button(page, 'Celebration').click();
  expect(await socket.waitForFrame('reaction', () => true)).toMatchObject({ emoji: '🎉' });

  // A recording, started and stopped by a moderator: in sight from the request on, and waiting for consent.
  await addBucket(host, 'page/');
  await button(page, 'Start recording').click();
  await page.getByText(/^Recording waits for consent/).waitFor();
  await button(page, 'I agree').click();
  await button(page, 'Withdraw my consent').waitFor();
  const isAnnounced = (text: RegExp) => page.getByRole('status').filter({ hasText: text }).count();
  expect(await isAnnounced(/recorded.* asked for by you\./)).toBe(1);
  expect(await button(page, 'Start recording').isVisible()).toBe(false);
  await button(page, 'Stop recording').click();
  await button(page, 'Stop recording: press again').click();
  await expect.poll(() => isAnnounced(/^The recording is over\.$/), { timeout: 20_000 }).toBe(1);
  const { data: recordings } = await host.callApi(`/rooms/${room.id}/recordings`);
  expect(recordings).toMatchObject([{ stopReason: 'requested' }]);

  // The room: lock, and the end, which must be pressed twice.
  await button(page, /^People/).click();
  await button(page, 'Lock call').click();
  await button(page, 'Unlock call').waitFor();
  await button(page, 'End for everybody').click();
  await button(page, 'End for everybody: press again').click();
  await page.getByRole('heading', { name: 'The call has ended' }).waitFor();
  expect(pageErrors).toEqual([]);
});
