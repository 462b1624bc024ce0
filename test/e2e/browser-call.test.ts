import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { requireMediaServer } from '../support/livekit/server.ts';
import { type Browser, openBrowser, requireBrowser } from './support/browser.ts';
import { Host } from './support/host.ts';
import { endAllParticipants, type ReceivedMedia } from './support/participant.ts';
import { api } from './support/product.ts';
import { openRoomSocket } from './support/room-socket.ts';

let browser: Browser | undefined;
afterEach(async () => {
  endAllParticipants();
  await browser?.close();
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });

/** How many pictures of others move in the page. */
const COUNT_MOVING_VIDEOS = `[...document.querySelectorAll('#tiles video')].filter((video) => video.videoWidth > 0 && video.currentTime > 0).length`;

const receivesMedia = ({ tracks }: ReceivedMedia) =>
  tracks.some(({ kind, changes }) => kind === 'video' && changes > 5) &&
  tracks.some(({ kind, frames }) => kind === 'audio' && frames > 50);

it('a guest joins in a browser through a link: name, devices, lobby, call, chat, captions', async (context) => {
  requireMediaServer(context);
  browser = await openBrowser(requireBrowser(context));
  const host = await Host.signUp(api);
  const service = await host.createService();
  await host.callApi('/aic/config', 'PUT', { mode: 'adaptive', maxSendBps: null });
  const room = await host.createRoom({ name: 'Weekly' });
  const link = await host.callApi('/links', 'POST', { roomId: room.id, requireApproval: true });
  const admission = await host.requestAdmission(room.id);
  const ada = await Host.connect(admission);
  await ada.publish('audio');
  await ada.publish('video');
  const hostSocket = await openRoomSocket(admission.realtime);

  const { page, pageErrors } = await browser.visit(link.url);
  expect(await heading(page, 'Weekly').isVisible()).toBe(true);
  await page.getByLabel('Your name').fill('Grace');
  await button(page, 'Continue').click();
  await heading(page, 'Camera and microphone').waitFor();
  expect(await page.getByRole('checkbox', { name: 'Camera' }).isChecked()).toBe(true);
  expect(await page.getByRole('combobox', { name: 'Which microphone' }).isVisible()).toBe(true);
  await button(page, 'Join').click();

  await heading(page, 'Waiting to be let in').waitFor();
  await expect.poll(async () => (await host.callApi(`/rooms/${room.id}/lobby`)).data).toHaveLength(1);
  const [waiting] = (await host.callApi(`/rooms/${room.id}/lobby`)).data;
  expect(waiting).toMatchObject({ name: 'Grace', kind: 'guest', status: 'waiting' });
  await host.callApi(`/rooms/${room.id}/lobby/${waiting.id}/admit`, 'POST');

  const controls = page.getByRole('group', { name: 'Call controls' });
  await controls.waitFor();
  await ada.waitUntil(receivesMedia);
  await expect.poll(() => page.evaluate(COUNT_MOVING_VIDEOS)).toBe(2);
  expect(await page.getByRole('list', { name: 'Participants' }).ariaSnapshot()).toContain('Grace');

  await hostSocket.waitForFrame('presence.joined', ({ person }) => person.name === 'Grace');
  await button(page, 'Chat').click();
  await page.getByRole('textbox', { name: 'Message to everyone' }).fill('Good morning');
  await button(page, 'Send').click();
  await hostSocket.waitForFrame('chat.message', ({ text }) => text === 'Good morning');
  hostSocket.send({ type: 'chat.send', id: crypto.randomUUID(), text: 'Morning, Grace' });
  const messages = page.getByRole('log', { name: 'Messages' });
  await messages.getByText('Morning, Grace').waitFor();
  expect(await messages.getByRole('listitem').count()).toBe(2);

  const captionSocket = await openRoomSocket(
    (await service.requestAdmission(room.id, 'scribe', 'agent')).realtime,
  );
  await button(page, 'Captions').click();
  const segment = { type: 'caption', segmentId: 'one', speaker: host.userId, language: 'en' };
  captionSocket.send({ ...segment, version: 1, text: 'Welcome ev', final: false });
  captionSocket.send({ ...segment, version: 2, text: 'Welcome, everybody.', final: true });
  await page.getByRole('log', { name: 'Captions' }).getByText('Welcome, everybody.').waitFor();

  // The page has reported what its connection carries, and sends as it was recommended for that.
  const followed = expect.objectContaining({
    outcome: 'partly',
    skipped: expect.not.arrayContaining(['video', 'audio']),
  });
  await expect.poll(async () => (await host.callApi('/aic/metrics')).data).toContainEqual(followed);

  await button(page, 'Leave').click();
  await heading(page, 'You have left').waitFor();
  await ada.waitUntil(({ people }) => people.length === 0);
  expect(pageErrors).toEqual([]);
  hostSocket.close();
  captionSocket.close();
});
