import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/kernel/core/index.ts';
import { networkOf } from '../../../src/platform/limits/address-subjects.ts';
import {
  isCountedByAddress,
  leaseSize,
  limitsForActor,
  limitsForAddress,
  limitsForRejectedCredential,
} from '../../../src/platform/limits/limits.rules.ts';

const user = (plan: string | null, organizationId: string | null = 'org_1'): Actor => ({
  kind: 'user',
  userId: 'usr_1',
  sessionId: 'ses_1',
  organizationId,
  role: 'owner',
  plan,
  permissions: [],
});
const apiKey: Actor = {
  kind: 'apiKey',
  apiKeyId: 'key_1',
  organizationId: 'org_1',
  plan: 'pro',
  requestsPerMinute: 60,
  permissions: [],
};
const address = { owner: 'address:7', subject: 'abc' };
const summarize = (calls: ReturnType<typeof limitsForActor>) =>
  calls.map(
    ({ target, rule }) =>
      `${rule.name} ${rule.limit}/${rule.windowSeconds}s ${target.owner} ${target.subject}`,
  );

describe('the rules that count a request', () => {
  it('count a user by kind of route, with the limits of the free plan', () => {
    const names = ['api', 'upload', 'ai', 'translation', 'memory'] as const;
    expect(names.map((name) => limitsForActor(name, user('free'))[0]!.rule.limit)).toEqual([
      100, 10, 20, 50, 100,
    ]);
  });

  it('count an API request for the user, then under the ceiling of the organization', () => {
    expect(summarize(limitsForActor('api', user('free')))).toEqual([
      'api 100/60s org_1 usr_1',
      'organization 1000/60s org_1 all',
    ]);
    expect(summarize(limitsForActor('ai', user('free')))).toEqual(['ai 20/60s org_1 usr_1']);
  });

  it('use the limits of the plan; those of the free plan for an unknown plan', () => {
    const limits = (plan: string | null) => limitsForActor('api', user(plan)).map(({ rule }) => rule.limit);
    expect(limits('pro')).toEqual([300, 10_000]);
    expect(limits('enterprise')).toEqual([1_000, 100_000]);
    expect(limits('custom')).toEqual([1_000, 100_000]);
    expect(limits('gold')).toEqual([100, 1_000]);
    expect(limits('constructor')).toEqual([100, 1_000]);
    expect(limits(null)).toEqual([100, 1_000]);
  });

  it('count a user without an organization separately', () => {
    expect(summarize(limitsForActor('api', user(null, null)))).toEqual(['api 100/60s usr_1 usr_1']);
  });

  it('count guests under a separate ceiling, so that they cannot use up the limit of members', () => {
    const ids = { guestId: 'gst_1', organizationId: 'org_1', roomId: 'room_1', linkId: 'lnk_1' };
    expect(summarize(limitsForActor('api', { kind: 'guest', ...ids, name: 'Eve' }))).toEqual([
      'api 100/60s org_1 gst_1',
      'guests 10000/60s org_1 guests',
    ]);
  });

  it('give an API key its own limit within the organization', () => {
    expect(summarize(limitsForActor('api', apiKey))).toEqual([
      'api-key 60/60s org_1 key_1',
      'organization 10000/60s org_1 all',
    ]);
    expect(summarize(limitsForActor('ai', apiKey))).toEqual([
      'api-key 60/60s org_1 key_1',
      'ai 60/60s org_1 key_1',
    ]);
  });

  it('count sign-in, health, documents and requests without a credential by address', () => {
    const anonymous: Actor = { kind: 'anonymous' };
    expect(isCountedByAddress('auth', user('free'))).toBe(true);
    expect(isCountedByAddress('health', user('free'))).toBe(true);
    expect(isCountedByAddress('documents', user('free'))).toBe(true);
    expect(isCountedByAddress('api', anonymous)).toBe(true);
    expect(isCountedByAddress(undefined, anonymous)).toBe(true);
    expect(isCountedByAddress('api', user('free'))).toBe(false);
    expect(summarize(limitsForAddress(address, 'api', 'x'))).toEqual(['public 300/60s address:7 abc']);
    expect(summarize(limitsForAddress(address, 'health', 'x'))).toEqual(['health 600/60s address:7 abc']);
    expect(summarize(limitsForAddress(address, 'documents', 'x'))).toEqual([
      'documents 600/60s address:7 abc',
    ]);
    expect(summarize(limitsForRejectedCredential(address))).toEqual([
      'refused-credentials 60/60s address:7 abc',
    ]);
  });

  it('permit five requests per minute and address to each sign-in operation, and none while they cannot be counted', () => {
    const limits = limitsForAddress(address, 'auth', 'logIn');
    expect(summarize(limits)).toEqual(['auth 5/60s address:7 abc:logIn']);
    expect(limits[0]!.rule.failOpen).toBeUndefined();
  });

  it('counts sign-ups by the hour, too, whether or not the address that is tried has an account', () => {
    expect(summarize(limitsForAddress(address, 'auth', 'signUp', 10))).toEqual([
      'auth 10/60s address:7 abc:signUp',
      'sign-ups 60/3600s address:7 abc:signUp',
    ]);
  });

  it('count the operator separately', () => {
    expect(summarize(limitsForActor('api', { kind: 'operator', name: 'operator' }))).toEqual([
      'operator 600/60s operator operator',
    ]);
  });
});

describe('the size of a lease', () => {
  const size = (ask: Partial<Parameters<typeof leaseSize>[0]>) =>
    leaseSize({ waiters: 1, spent: 0, limit: 1_000, available: 1_000, leftMs: 60_000, ...ask });

  it('starts at the number of waiting callers and doubles while it is used up', () => {
    expect([0, 1, 3, 7, 15].map((spent) => size({ spent }))).toEqual([1, 2, 4, 8, 16]);
    expect(size({ waiters: 40 })).toBe(40);
  });

  it('grants in advance at most a tenth of the limit and an eighth of what is left', () => {
    expect(size({ spent: 900 })).toBe(1 + 100);
    expect(size({ spent: 900, available: 81 })).toBe(1 + 10);
    expect(size({ spent: 900, available: 8 })).toBe(1);
  });

  it('grants no more than is available, and nothing in advance at the end of a window', () => {
    expect(size({ waiters: 10, available: 3 })).toBe(3);
    expect(size({ available: 0 })).toBe(0);
    expect(size({ spent: 900, leftMs: 1_000 })).toBe(1);
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:DB8:0:42:1:2:3:4', '2001:db8:0:42'],
    ['2001:db8:0:42::1', '2001:db8:0:42'],
    ['2001:0db8:0000:0042::', '2001:db8:0:42'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('%s is counted as %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});
