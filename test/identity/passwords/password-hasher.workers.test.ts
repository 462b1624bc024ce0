import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { createPasswordHasher } from '../../../durable-objects/stubs.ts';
import { MAX_WAITING } from '../../../src/identity/passwords/index.ts';

/** A fifth of the current cost: long enough to wait for. */
const EXPENSIVE_HASH = '$scrypt$ln=14,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA';
const MALFORMED_HASH = 'malformed';
const CHEAP_HASH = '$scrypt$ln=4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA';
const GUESSER = { key: '192.0.2.1', proven: false };
const stubOf = (name: string) => env.PASSWORD_HASHER.getByName(name);

const HASHES_SECONDS = 180;
const timeout = HASHES_SECONDS * 1000;

it('hashes at the current cost, also after an eviction', { timeout }, async () => {
  const stub = stubOf('evicted');
  const hashed = await stub.hash('seven-tulips-in-a-row', GUESSER);
  if (!hashed.done) throw new Error('refused');
  expect(hashed.value).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/);
  await evictDurableObject(stub);
  expect(await stub.verify('anything', CHEAP_HASH, GUESSER)).toEqual({
    done: true,
    value: { matches: false, outdated: true },
  });
});

it('answers through the port, whichever object an address is assigned to', async () => {
  const hasher = createPasswordHasher(env.PASSWORD_HASHER);
  for (const email of ['ada@northwind.example', 'grace@northwind.example'])
    expect(await hasher.verify(email, 'x', CHEAP_HASH, GUESSER)).toEqual({ matches: false, outdated: true });
});

it('accepts as many as may wait, in order, and refuses the rest at once', { timeout }, async () => {
  const stub = stubOf('queue');
  const order: string[] = [];
  // The first one computes; cheap hashes wait behind it.
  const computing = stub.verify('computing', EXPENSIVE_HASH, GUESSER).then(() => order.push('computing'));
  const waiting = Array.from({ length: MAX_WAITING + 3 }, async (_none, i) => {
    const answer = await stub.verify(`waiting-${i}`, CHEAP_HASH, GUESSER);
    order.push(answer.done ? `done-${i}` : `refused-${i}`);
    return answer;
  });
  const answers = await Promise.all(waiting);
  await computing;
  expect(answers.filter((each) => each.done)).toHaveLength(MAX_WAITING);
  expect(answers.filter((each) => !each.done)).toEqual(
    Array.from({ length: 3 }, () => ({ done: false, retryAfterSeconds: 5 })),
  );
  expect(order.slice(0, 3)).toEqual(
    [MAX_WAITING, MAX_WAITING + 1, MAX_WAITING + 2].map((i) => `refused-${i}`),
  );
  expect(order.slice(3)).toEqual([
    'computing',
    ...Array.from({ length: MAX_WAITING }, (_none, i) => `done-${i}`),
  ]);
});

it('answers 503 when the object fails', async () => {
  const hasher = createPasswordHasher(env.PASSWORD_HASHER);
  await expect(hasher.verify('ada@northwind.example', 'x', MALFORMED_HASH, GUESSER)).rejects.toMatchObject({
    code: 'server.unavailable',
  });
});

it('yields to the event loop while it computes', { timeout }, async () => {
  let turns = 0;
  const state = { computing: true };
  const work = stubOf('yields')
    .verify('anything', EXPENSIVE_HASH, GUESSER)
    .finally(() => {
      state.computing = false;
    });
  while (state.computing) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    turns++;
  }
  await work;
  expect(turns).toBeGreaterThan(20);
});
