import { text as readText } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it, type TestContext } from 'vitest';
import { requireMediaServer } from '../support/livekit/server.ts';
import { createBreakableNetwork } from './support/breakable-network.ts';
import { type Browser, openBrowser, requireBrowser, type Visitor } from './support/browser.ts';
import { type JsonBody, Host } from './support/host.ts';
import { endAllParticipants } from './support/participant.ts';
import { api } from './support/product.ts';
import { openRoomSocket, type RoomSocket } from './support/room-socket.ts';

let browser: Browser | undefined;
let sockets: RoomSocket[] = [];

/** Skips the test without a media server or browser; in CI both are required. */
const requireMediaAndBrowser = (context: TestContext): string => {
  requireMediaServer(context);
  return requireBrowser(context);
};

beforeEach(() => {
  sockets = [];
});
afterEach(async () => {
  sockets.forEach((socket) => socket.close());
  endAllParticipants();
  await browser?.close();
  browser = undefined;
});

const visit = async (context: TestContext, url: string): Promise<Visitor> => {
  browser ??= await openBrowser(requireMediaAndBrowser(context));
  const visitor = await browser.visit(url);
  visitor.page.setDefaultTimeout(30_000);
  return visitor;
};

const openSocket = async (realtime: JsonBody): Promise<RoomSocket> => {
  const socket = await openRoomSocket(realtime);
  sockets.push(socket);
  return socket;
};

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();

/** The parts of the browser's types that the test uses; this process does not have them. */
interface Video {
  videoWidth: number;
  getVideoPlaybackQuality(): { totalVideoFrames: number };
}

/** Waits until the named picture is there and moves. */
async function showsPicture(page: Page, name: string): Promise<void> {
  const video = page.locator(`video[aria-label="${name}"]`);
  const evaluate = (what: (video: Video) => number) => () =>
    video.evaluate(what as unknown as (element: unknown) => number);
  const frames = evaluate((it) => it.getVideoPlaybackQuality().totalVideoFrames);
  await expect.poll(evaluate((it) => it.videoWidth)).toBeGreaterThan(0);
  const before = await frames();
  await expect.poll(frames).toBeGreaterThan(before);
}

/** Whether the page plays sound that is not silence. */
const hasSound = (page: Page) =>
  page.evaluate(`(async () => {
    const [element] = document.querySelectorAll('#audio audio');
    if (!element) return false;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(element.srcObject).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    for (let look = 0; look < 40; look++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      analyser.getFloatTimeDomainData(samples);
      if (samples.some((sample) => Math.abs(sample) > 0.01)) return context.close().then(() => true);
    }
    return context.close().then(() => false);
  })()`);

/** Whether the meter moves within two seconds; checked in the page, because a fake microphone beeps once a second. */
const showsLevel = (page: Page) =>
  page.evaluate(`(async () => {
    const end = performance.now() + 2_000;
    while (performance.now() < end) {
      if (document.querySelector('#level').value > 0.2) return true;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return false;
  })()`);

it('a guest joins through a link: name, devices, lobby, call with media both ways, chat, captions, and leaving', async (context) => {
  requireMediaAndBrowser(context);
  const host = await Host.signUp(api);
  const room = await host.createRoom({ name: 'Weekly support' });
  const link = await host.callApi('/links', 'POST', {
    roomId: room.id,
    title: 'Support desk',
    password: 'tulip window',
    requireApproval: true,
    maxUses: 1,
  });
  const { page, pageErrors } = await visit(context, link.url);

  // Name and password, by keyboard only; nothing is disclosed before.
  await heading(page, 'Join the call');
  await page.keyboard.type('Ada');
  await page.keyboard.press('Tab');
  await page.keyboard.type('tulip window');
  await page.keyboard.press('Enter');
  await heading(page, 'Support desk');

  // Devices: the camera shows something, and the microphone has a level.
  await heading(page, 'Camera and microphone');
  await showsPicture(page, 'Your camera');
  await expect.poll(() => showsLevel(page)).toBe(true);
  await button(page, /^Join$/).click();

  // The lobby: the host admits them over the API.
  await heading(page, 'Waiting to be let in');
  const lobby = `/rooms/${room.id}/lobby`;
  await expect.poll(async () => (await host.callApi(lobby)).data.length).toBe(1);
  const [entry] = (await host.callApi(lobby)).data;
  expect(entry).toMatchObject({ name: 'Ada', kind: 'guest', role: 'participant' });
  await host.callApi(`${lobby}/${entry.id}/admit`, 'POST');
  await button(page, 'Leave').waitFor();
  expect(await page.getByRole('list', { name: 'Participants' }).getByText('Ada (you)').isVisible()).toBe(
    true,
  );

  // Media both ways.
  const admission = await host.requestAdmission(room.id);
  const ben = await Host.connect(admission);
  await ben.publish('audio');
  await ben.publish('video');
  await showsPicture(page, 'A Host');
  await expect.poll(() => hasSound(page)).toBe(true);
  const { tracks } = await ben.waitUntil(
    ({ tracks: seen }) => seen.length === 2 && seen.every(({ frames }) => frames > 10),
  );
  expect(tracks.every(({ from }) => from === entry.identity)).toBe(true);
  await ben.waitUntil(({ tracks: seen }) => seen.some(({ changes }) => changes > 5));

  // Chat both ways.
  const socket = await openSocket(admission.realtime);
  socket.send({ type: 'chat.send', id: 'greeting-1', text: 'Welcome, <b>Ada</b>!' });
  await button(page, 'Chat (1)').click();
  await page.getByRole('log', { name: 'Messages' }).getByText('Welcome, <b>Ada</b>!').waitFor();
  await page.getByLabel('Message to everyone').fill('Thank you.');
  await page.keyboard.press('Enter');
  const message = await socket.waitForFrame('chat.message', ({ text }) => text === 'Thank you.');
  expect(message).toMatchObject({ identity: entry.identity, name: 'Ada' });

  // A file of the chat, which the guest downloads with their ticket.
  const shared = await host.shareFile(room.id, 'minutes.txt', 'What was decided');
  socket.send({ type: 'chat.send', id: 'minutes-1', text: 'The minutes', fileIds: [shared.id] });
  const download = page.waitForEvent('download');
  await button(page, /minutes\.txt \(16 B\)$/).click();
  const saved = await (await download).createReadStream();
  expect([(await download).suggestedFilename(), await readText(saved)]).toEqual([
    'minutes.txt',
    'What was decided',
  ]);
  await page.keyboard.press('Escape');
  expect(await page.getByRole('log', { name: 'Messages' }).isVisible()).toBe(false);

  // Captions, which a service sends.
  await button(page, 'Captions').click();
  const service = await host.createService();
  const scribe = await service.callApi(`/rooms/${room.id}/token`, 'POST', {
    identity: 'scribe',
    role: 'agent',
  });
  const captioning = await openSocket(scribe.realtime);
  const caption = { type: 'caption', segmentId: 'one', speaker: host.userId, language: 'en' };
  captioning.send({ ...caption, version: 1, text: 'How can', final: false });
  await page.getByText('A Host: How can').waitFor();
  captioning.send({ ...caption, version: 2, text: 'How can I help you?', final: true });
  await page.getByRole('log', { name: 'Captions' }).getByText('A Host: How can I help you?').waitFor();

  // Hands, people, mute.
  await button(page, 'Raise hand').click();
  await socket.waitForFrame('hand.raised', ({ identity }) => identity === entry.identity);
  await button(page, /^People/).click();
  await page.getByText('Ada (you) Hand raised').waitFor();
  await button(page, 'Lower hand').click();
  await button(page, 'Mute').click();
  await button(page, 'Unmute').waitFor();

  // They leave, and return with the guest ticket only, because the link is exhausted.
  await button(page, 'Leave').click();
  await heading(page, 'You have left');
  await ben.waitUntil(({ people }) => people.length === 0);
  await button(page, 'Join again').click();
  await button(page, 'Leave').waitFor();
  await ben.waitUntil(({ people }) => people.includes(entry.identity));
  expect((await host.callApi(`/links/${link.id}`)).uses).toBe(1);
  await button(page, 'Leave').click();
  expect(pageErrors).toEqual([]);
});

it('a guest who is moved to another room continues there, and returns', async (context) => {
  requireMediaAndBrowser(context);
  const host = await Host.signUp(api);
  const [room, aside] = [
    await host.createRoom({ name: 'Hall' }),
    await host.createRoom({ name: 'Side room', locked: true }),
  ];
  const link = await host.callApi('/links', 'POST', { roomId: room.id });
  const { page, pageErrors } = await visit(context, link.url);
  await page.getByLabel('Your name').fill('Ada');
  await page.keyboard.press('Enter');
  await button(page, /^Join$/).click();
  await button(page, 'Mute').waitFor();
  const move = async (from: JsonBody, to: JsonBody) => {
    const { participantId } = await host.waitForParticipant(from.id, 'Ada');
    await host.callApi(`/rooms/${from.id}/participants/${participantId}/move`, 'POST', { toRoomId: to.id });
    await heading(page, to.name);
    // Devices that were on stay on.
    await button(page, 'Mute').waitFor();
    await button(page, 'Stop camera').waitFor();
  };
  await move(room, aside);
  await move(aside, room);
  expect(pageErrors).toEqual([]);
});

it('a guest who is denied, or removed, sees it', async (context) => {
  requireMediaAndBrowser(context);
  const host = await Host.signUp(api);
  const room = await host.createRoom({ lobby: true });
  const link = await host.callApi('/links', 'POST', {
    roomId: room.id,
    autoJoin: true,
    enableScreenShare: false,
    enableChat: false,
  });
  const denied = await visit(context, link.url);
  await heading(denied.page, 'Waiting to be let in');
  await host.callApi(`/rooms/${room.id}/lobby/deny-all`, 'POST');
  await heading(denied.page, 'Not let in');
  await denied.page.getByText('A host declined your request to join.').waitFor();

  const guest = await visit(context, link.url);
  await heading(guest.page, 'Waiting to be let in');
  const { data } = await host.callApi(`/rooms/${room.id}/lobby/admit-all`, 'POST');
  expect(data).toHaveLength(1);
  await button(guest.page, 'Leave').waitFor();
  // A feature that the link disables has no button.
  expect(await button(guest.page, 'Share screen').isVisible()).toBe(false);
  expect(await button(guest.page, 'Chat').isVisible()).toBe(false);
  const { participantId } = await host.waitForParticipant(room.id, data[0].name);
  await host.callApi(`/rooms/${room.id}/participants/${participantId}`, 'DELETE');
  await heading(guest.page, 'You were removed');
  expect([...denied.pageErrors, ...guest.pageErrors]).toEqual([]);
});

it('a guest whose connection breaks while they wait sees the decision that was made meanwhile', async (context) => {
  requireMediaAndBrowser(context);
  const host = await Host.signUp(api);
  const room = await host.createRoom({ lobby: true });
  const link = await host.callApi('/links', 'POST', { roomId: room.id });
  const { page } = await visit(context, link.url);
  const network = await createBreakableNetwork(page);
  await page.getByLabel('Your name').fill('Ada');
  await page.keyboard.press('Enter');
  await button(page, /^Join$/).click();
  await heading(page, 'Waiting to be let in');
  const lobby = `/rooms/${room.id}/lobby`;
  const entryOtherThan = async (id: string): Promise<string> => {
    const listEntryIds = async () => (await host.callApi(lobby)).data.map((each: JsonBody) => each.id);
    await expect.poll(listEntryIds, { timeout: 20_000 }).toEqual([expect.not.stringMatching(id)]);
    return (await listEntryIds())[0];
  };
  const first = await entryOtherThan('none');

  // Their entry has ended: they wait with another one.
  await network.cut('this');
  await page.getByText('The connection was lost. Reconnecting…').waitFor();
  const kept = await page.evaluate(`sessionStorage.getItem('auralink.guest.${link.code}')`);
  const { guestTicket } = JSON.parse(kept as string).home;
  const headers = { Authorization: `Bearer ${guestTicket}` };
  const left = await fetch(`${api}/api/v1${lobby}/${first}`, { method: 'DELETE', headers });
  expect(left.status).toBe(204);
  await expect.poll(network.countAborted, { timeout: 20_000 }).toBeGreaterThan(3);
  await network.heal('this');
  const second = await entryOtherThan(first);
  await page.getByText('The hosts know that you are waiting.').waitFor();

  // They are admitted while they have no connection.
  await network.cut('this');
  await page.getByText('The connection was lost. Reconnecting…').waitFor();
  await host.callApi(`${lobby}/${second}/admit`, 'POST');
  await network.heal('this');
  await button(page, 'Raise hand').waitFor({ timeout: 30_000 });

  // In the call the room's socket reconnects, too, after any time.
  const socket = await openSocket((await host.requestAdmission(room.id)).realtime);
  await network.cut('every');
  await page.getByText('Chat and captions are reconnecting…').waitFor();
  await expect.poll(network.countAborted, { timeout: 60_000 }).toBeGreaterThan(3);
  await network.heal('every');
  socket.send({ type: 'chat.send', id: 'greeting-1', text: 'Welcome back.' });
  await button(page, 'Chat (1)').click({ timeout: 30_000 });
  await page.getByText('Welcome back.').waitFor();
});

it('a link that cannot be used says why', async (context) => {
  const host = await Host.signUp(api);
  const room = await host.createRoom();
  const link = await host.callApi('/links', 'POST', { roomId: room.id, isActive: false });
  const { page } = await visit(context, link.url);
  expect(await page.getByRole('heading').allTextContents()).toEqual(['This link is turned off']);
});

it('a guest of an audio room chooses a microphone and sees no picture', async (context) => {
  const host = await Host.signUp(api);
  const { id: roomId } = await host.callApi('/rooms', 'POST', { name: 'Radio', type: 'audio_room' });
  const link = await host.callApi('/links', 'POST', { roomId, defaultRole: 'participant' });
  const { page } = await visit(context, link.url);
  await page.getByLabel('Your name').fill('Ada');
  await button(page, 'Continue').click();
  await page.getByRole('heading', { name: 'Microphone', exact: true }).waitFor();
  await page.getByLabel('Which microphone').waitFor();
  expect(await page.getByLabel('Your camera').isVisible()).toBe(false);
});
