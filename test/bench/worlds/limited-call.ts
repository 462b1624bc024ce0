/**
 * Calls of two browsers in a network that becomes narrow and recovers, one after the other: by the recommendations, without them, and without them
 * by a browser that may send no more than makes the bits of its call those of the first. Prints JSON. It limits its own loopback: it runs in a
 * network namespace, see `call-network.ts`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { createApiClient } from '../../e2e/support/api-client.ts';
import { type Browser, openBrowser, requireBrowser } from '../../e2e/support/browser.ts';
import { type LaunchedProduct, launchProduct } from '../../e2e/support/launch.ts';
import { bitsOfCall, limitFor, type LimitedCall, type LimitedCalls, PHASES } from './limited-phases.ts';

const PORT = 24_000;
/** Until both are connected and the browsers know what the network carries. */
const SETTLE_MS = 15_000;
const tc = (command: string) => execFileSync('tc', command.split(' '));
const limit = (rate: string) => tc(`class replace dev lo parent 1: classid 1:20 htb rate ${rate} burst 4k`);

/** What is sent to the media server waits in a queue of 30 kB, as in a narrow uplink; nothing else is limited. */
function limitUplink(udpPort: number): void {
  tc('qdisc add dev lo root handle 1: htb default 10');
  tc('class add dev lo parent 1: classid 1:10 htb rate 10gbit');
  limit('3mbit');
  tc('qdisc add dev lo parent 1:20 handle 20: bfifo limit 30k');
  const match = `match ip protocol 17 0xff match ip dport ${udpPort} 0xffff`;
  tc(`filter add dev lo parent 1: protocol ip u32 ${match} flowid 1:20`);
}

/** Keeps the connections for their statistics; with a limit, the browser learns of it as from a server that allows no more (`b=TIAS`). */
const keepConnections = (videoLimitBps?: number) => `{
  window.connections = [];
  const Real = RTCPeerConnection;
  const limit = ${videoLimitBps ? `(sdp) => sdp.replace(/(m=video[^]*?c=IN [^\\r\\n]*\\r\\n)/g, '$1b=TIAS:${Math.round(videoLimitBps)}\\r\\n')` : '(sdp) => sdp'};
  window.RTCPeerConnection = class extends Real {
    constructor(...all) { super(...all); connections.push(this); }
    setRemoteDescription({ type, sdp }) { return super.setRemoteDescription({ type, sdp: limit(sdp) }); }
  };
}`;
const READ_STATS = `(async () => (await Promise.all(connections.map((each) => each.getStats()))).flatMap((each) => [...each.values()]))()`;
interface Stat {
  type: string;
  kind?: string;
  freezeCount?: number;
  totalFreezesDuration?: number;
  framesDecoded?: number;
  bytesSent?: number;
  headerBytesSent?: number;
}

async function joinCall(
  browser: Browser,
  url: string,
  {
    name,
    hasCamera,
    videoLimitBps,
  }: { name: string; hasCamera: boolean; videoLimitBps?: number | undefined },
): Promise<Page> {
  const { page } = await browser.visit(url);
  await page.evaluate(keepConnections(videoLimitBps));
  const press = (button: string) => page.getByRole('button', { name: button, exact: true }).click();
  await page.getByLabel('Your name').fill(name);
  await press('Continue');
  const camera = page.getByRole('checkbox', { name: 'Camera' });
  await camera.setChecked(hasCamera);
  await press('Join');
  await page.getByRole('group', { name: 'Call controls' }).waitFor();
  return page;
}

const bitsOf = ({ bytesSent = 0, headerBytesSent = 0 }: Stat) => 8 * (bytesSent + headerBytesSent);

async function read(sender: Page, viewer: Page) {
  const sum = (stats: Stat[], value: (stat: Stat) => number | undefined) =>
    stats.reduce((total, each) => total + (value(each) ?? 0), 0);
  const sent = (await sender.evaluate<Stat[]>(READ_STATS)).filter(({ type }) => type === 'outbound-rtp');
  const video = (await viewer.evaluate<Stat[]>(READ_STATS)).filter(
    ({ type, kind }) => type === 'inbound-rtp' && kind === 'video',
  );
  return {
    freezes: sum(video, ({ freezeCount }) => freezeCount),
    frozenSeconds: sum(video, ({ totalFreezesDuration }) => totalFreezesDuration),
    frames: sum(video, ({ framesDecoded }) => framesDecoded),
    sentBits: sum(sent, bitsOf),
    soundBits: sum(sent, (stat) => (stat.kind === 'audio' ? bitsOf(stat) : 0)),
  };
}

async function measurePhases(sender: Page, viewer: Page): Promise<LimitedCall> {
  const figures: Partial<LimitedCall> = {};
  for (const { name, rate, seconds } of PHASES) {
    const before = await read(sender, viewer);
    limit(rate);
    await sleep(seconds * 1_000);
    const after = await read(sender, viewer);
    figures[name] = {
      freezes: after.freezes - before.freezes,
      frozenSeconds: after.frozenSeconds - before.frozenSeconds,
      frames: after.frames - before.frames,
      sentBps: (after.sentBits - before.sentBits) / seconds,
      soundBps: (after.soundBits - before.soundBits) / seconds,
    };
  }
  return figures as LimitedCall;
}

const HOST = { email: 'host@northwind.example', password: 'violet-harbour-42-kites' };

/** Requests of the host, who logs in for each call: a token does not last for all of them. */
async function logIn(api: string) {
  const client = createApiClient(api);
  const { body } = await client.send('POST', '/api/v1/auth/login', { body: HOST });
  return async (method: string, path: string, content: unknown) => {
    const answer = await client.send(method, `/api/v1${path}`, { token: body.accessToken, body: content });
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered with ${answer.status}`);
    return answer.body;
  };
}

/** Without a browser nothing is measured. */
function refuse(reason?: boolean | string): never {
  throw new Error(String(reason));
}

async function measureCall(
  api: string,
  mode: 'off' | 'adaptive',
  videoLimitBps?: number,
): Promise<LimitedCall> {
  const call = await logIn(api);
  await call('PUT', '/aic/config', { mode, maxSendBps: null });
  const { id: roomId } = await call('POST', '/rooms', { name: `In mode ${mode}` });
  const { url } = await call('POST', '/links', { roomId, requireApproval: false });
  limit('3mbit');
  const browser = await openBrowser(requireBrowser({ skip: refuse }));
  try {
    const viewer = await joinCall(browser, url, { name: 'Viewer', hasCamera: false });
    const sender = await joinCall(browser, url, { name: 'Sender', hasCamera: true, videoLimitBps });
    await viewer
      .getByRole('button', { name: /camera/i })
      .first()
      .click();
    await sleep(SETTLE_MS);
    const figures = await measurePhases(sender, viewer);
    console.error(mode, videoLimitBps ?? '', JSON.stringify(figures));
    return figures;
  } finally {
    await browser.close();
  }
}

async function measureCalls(api: string): Promise<LimitedCalls> {
  await createApiClient(api).send('POST', '/api/v1/auth/signup', { body: { ...HOST, name: 'A Host' } });
  const adaptive = await measureCall(api, 'adaptive');
  const off = await measureCall(api, 'off');
  const videoLimitBps = limitFor(off, bitsOfCall(adaptive));
  return { adaptive, off, capped: { videoLimitBps, ...(await measureCall(api, 'off', videoLimitBps)) } };
}

async function main(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'auralink-network-'));
  const product: LaunchedProduct = launchProduct({ port: PORT, dir });
  try {
    const { api } = await product.ready();
    limitUplink(product.ports.livekitUdp);
    console.log(JSON.stringify(await measureCalls(api)));
  } finally {
    await product.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

await main();
