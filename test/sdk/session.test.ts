import { beforeEach, describe, expect, it } from 'vitest';
import { createFetch } from '../../workers/sdk/typescript/create-fetch.ts';
import { Session } from '../../workers/sdk/typescript/session.ts';
import { memoryStore, type TokenStore } from '../../workers/sdk/typescript/token-store.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { refresh, type SignedIn, signUp } from '../support/sign-in.ts';
import { BASE_URL, createNetwork, type Network } from './network.ts';

const WHO_AM_I = '/api/v1/auth/whoami';
let app: TestApp;
let network: Network;
let person: SignedIn;
let ended: number;
/** What the clock of the client's machine is ahead of the product's. */
let aheadMs: number;

/** A tab: tabs share a store, and a lock when the browser has locks. */
async function openTab(store: TokenStore, lock?: <T>(work: () => Promise<T>) => Promise<T>) {
  const session = new Session({
    baseUrl: BASE_URL,
    store,
    ...(lock ? { lock } : {}),
    onEnd: () => ended++,
    fetch: network.fetch,
    sleep: async () => undefined,
    now: () => app.clock.now() + aheadMs,
  });
  const fetch = createFetch({ credential: session, fetch: network.fetch, sleep: async () => undefined });
  const whoAmI = async () => {
    const headers = { authorization: `Bearer ${await session.token()}` };
    return (await fetch(new Request(BASE_URL + WHO_AM_I, { headers }))).status;
  };
  return { session, whoAmI };
}

async function startTab(store = memoryStore()) {
  const tab = await openTab(store);
  await tab.session.start({ ...person, expiresInSeconds: 300 });
  return { ...tab, store };
}
const countRefreshes = () => network.sent.filter(({ path }) => path.endsWith('/refresh')).length;

beforeEach(async () => {
  app ??= createTestApp();
  network = createNetwork(app);
  person = await signUp(app);
  ended = 0;
  aheadMs = 0;
});

describe('a session of the SDK', () => {
  it('renews its token shortly before it expires', async () => {
    const { whoAmI } = await startTab();
    app.clock.advanceSeconds(280);
    expect([await whoAmI(), countRefreshes()]).toEqual([200, 0]);
    app.clock.advanceSeconds(10);
    expect([await whoAmI(), countRefreshes()]).toEqual([200, 1]);
  });

  it('renews once for requests at the same time', async () => {
    const { whoAmI } = await startTab();
    app.clock.advanceSeconds(290);
    expect(await Promise.all([whoAmI(), whoAmI(), whoAmI()])).toEqual([200, 200, 200]);
    expect(countRefreshes()).toBe(1);
  });

  it('renews once for tabs that share its store and a lock', async () => {
    let last: Promise<unknown> = Promise.resolve();
    const lock = <T>(work: () => Promise<T>) => {
      const next = last.then(work, work);
      last = next.catch(() => undefined);
      return next;
    };
    const store = memoryStore();
    const tabs = [await openTab(store, lock), await openTab(store, lock)];
    await tabs[0]!.session.start({ ...person, expiresInSeconds: 300 });
    app.clock.advanceSeconds(290);
    expect(await Promise.all(tabs.map(({ whoAmI }) => whoAmI()))).toEqual([200, 200]);
    expect(countRefreshes()).toBe(1);
  });

  it('continues when the answer of a renewal is lost', async () => {
    const { whoAmI } = await startTab();
    app.clock.advanceSeconds(290);
    network.next.push('answer_lost', 'answer_lost');
    expect(await whoAmI()).toBe(200);
  });

  it('continues when the page is left before a renewal is answered', async () => {
    const { whoAmI, store } = await startTab();
    app.clock.advanceSeconds(290);
    network.next.push('answer_lost', 'unreached', 'unreached', 'unreached');
    await expect(whoAmI()).rejects.toThrow('the connection failed');
    app.clock.advanceSeconds(60);
    const { whoAmI: afterReload } = await openTab(store);
    expect(await afterReload()).toBe(200);
    expect(ended).toBe(0);
  });

  it.each([-3_600_000, 3_600_000])('works with a clock that is %i ms ahead', async (ms) => {
    aheadMs = ms;
    const { whoAmI } = await startTab();
    expect([await whoAmI(), countRefreshes()]).toEqual([200, 0]);
    app.clock.advanceSeconds(290);
    expect([await whoAmI(), countRefreshes()]).toEqual([200, 1]);
  });

  it('renews a token that the API refuses, when the clock was set back meanwhile', async () => {
    const { whoAmI } = await startTab();
    app.clock.advanceSeconds(400);
    aheadMs = -3_600_000;
    expect([await whoAmI(), countRefreshes()]).toEqual([200, 1]);
  });

  it('that the API has ended is forgotten, and says so', async () => {
    const { whoAmI, session } = await startTab();
    await app.send('POST', '/api/v1/auth/logout', { token: person.accessToken });
    app.clock.advanceSeconds(290);
    await expect(whoAmI()).rejects.toMatchObject({ code: 'accounts.refresh_token_invalid', status: 401 });
    expect([ended, await session.isStarted()]).toEqual([1, false]);
  });

  it('keeps its tokens while the API does not answer', async () => {
    const { whoAmI, session } = await startTab();
    app.clock.advanceSeconds(290);
    network.next.push(...Array.from({ length: 4 }, () => new Response('{}', { status: 503 })));
    await expect(whoAmI()).rejects.toMatchObject({ status: 503 });
    expect([ended, await session.isStarted()]).toEqual([0, true]);
    expect(await whoAmI()).toBe(200);
  });
});

it('a refresh token that a copy has used ends the session', async () => {
  const { whoAmI } = await startTab();
  await refresh(app, person.refreshToken);
  app.clock.advanceSeconds(290);
  await expect(whoAmI()).rejects.toMatchObject({ code: 'accounts.refresh_token_reused' });
  expect(ended).toBe(1);
});
