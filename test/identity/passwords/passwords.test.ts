import { describe, expect, it } from 'vitest';
import {
  createHashingQueue,
  createLocalPasswordHasher,
  KDF_PARAMETERS,
  passwordWeakness,
} from '../../../src/identity/passwords/index.ts';
import { hashPassword, isOutdated, verifyPassword } from '../../../src/identity/passwords/kdf.ts';

const CHEAP_PARAMETERS = { ln: 4, r: 8, p: 1 };
const OWNER = { email: 'ada.lovelace@northwind.example', name: 'Ada Lovelace' };

describe('a password hash', () => {
  it('states how it was made, and verifies at the current cost', async () => {
    const hash = await hashPassword('seven-tulips-in-a-row');
    expect(KDF_PARAMETERS).toEqual({ ln: 14, r: 8, p: 5 });
    expect(hash).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[\w-]{22}\$[\w-]{43}$/);
    expect(await verifyPassword('seven-tulips-in-a-row', hash)).toBe(true);
    expect(await verifyPassword('seven-tulips-in-a-raw', hash)).toBe(false);
    expect(isOutdated(hash)).toBe(false);
  });

  it('agrees with the second test vector of RFC 7914', async () => {
    const salt = Buffer.from('NaCl').toString('base64url');
    const key =
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640';
    const hash = `$scrypt$ln=10,r=8,p=16$${salt}$${Buffer.from(key, 'hex').toString('base64url')}`;
    expect(await verifyPassword('password', hash)).toBe(true);
  });

  it('differs each time, and is outdated at any other cost', async () => {
    const [one, two] = [
      await hashPassword('same', CHEAP_PARAMETERS),
      await hashPassword('same', CHEAP_PARAMETERS),
    ];
    expect(one).not.toBe(two);
    expect(isOutdated(one, CHEAP_PARAMETERS)).toBe(false);
    expect(isOutdated(one)).toBe(true);
  });

  it.each(['', 'plain', '$scrypt$ln=40,r=8,p=5$AAAA$AAAA', '$argon2id$v=19$m=65536,t=2,p=1$AAAA$AAAA'])(
    'is refused when the stored text is malformed or out of bounds: %s',
    async (text) => {
      await expect(verifyPassword('x', text)).rejects.toThrow('a stored password hash');
    },
  );
});

const GUESSER = { key: '192.0.2.1', proven: false };

describe('the hashing queue', () => {
  /** Starts a hash that all others wait behind, then one for each requester; the order in which they finish. */
  async function finishedInOrder(requesters: readonly { key: string; proven: boolean }[], maxWaiting = 32) {
    const queue = createHashingQueue({ parameters: CHEAP_PARAMETERS, maxWaiting });
    const first = queue.hash('x', GUESSER);
    const finished: string[] = [];
    const refused: string[] = [];
    await Promise.all(
      requesters.map(async (requester) => {
        const { done } = await queue.hash('x', requester);
        (done ? finished : refused).push(requester.key);
      }),
    );
    await first;
    return { finished, refused };
  }

  const proven = (key: string) => ({ key, proven: true });
  const network = (key: string) => ({ key, proven: false });

  it('serves requests with a credential before all others, also when as many as possible wait', async () => {
    const guessers = Array.from({ length: 4 }, (_none, i) => network(`network-${i}`));
    const { finished, refused } = await finishedInOrder([...guessers, proven('owner')], 4);
    expect(finished[0]).toBe('owner');
    expect(finished).toHaveLength(5);
    expect(refused).toEqual([]);
  });

  it('lets networks take turns, however many requests one of them has', async () => {
    const { finished } = await finishedInOrder([
      network('flood'),
      network('flood'),
      network('flood'),
      network('home'),
    ]);
    expect(finished).toEqual(['flood', 'home', 'flood', 'flood']);
  });

  it('when full, refuses the newest request of the network with most, not that of another one', async () => {
    const flood = Array.from({ length: 3 }, () => network('flood'));
    const { finished, refused } = await finishedInOrder([...flood, network('home')], 3);
    expect(refused).toEqual(['flood']);
    expect(finished).toEqual(['flood', 'home', 'flood']);
  });

  it('computes in the order of the calls, and refuses when too many wait', async () => {
    const queue = createHashingQueue({ parameters: CHEAP_PARAMETERS, maxWaiting: 2 });
    const order: number[] = [];
    const asked = [0, 1, 2, 3].map(async (i) => {
      const { done } = await queue.hash(`password-${i}`, GUESSER);
      if (done) order.push(i);
      return done;
    });
    expect(await Promise.all(asked)).toEqual([true, true, true, false]);
    expect(order).toEqual([0, 1, 2]);
    expect(await queue.hash('later', GUESSER)).toMatchObject({ done: true });
  });

  it('continues after a failure', async () => {
    const queue = createHashingQueue({ parameters: CHEAP_PARAMETERS });
    const failed = queue.verify('x', 'malformed', GUESSER);
    const next = queue.hash('x', GUESSER);
    await expect(failed).rejects.toThrow('malformed');
    expect(await next).toMatchObject({ done: true });
  });

  it('answers 503 with `Retry-After` when it is full', async () => {
    const hasher = createLocalPasswordHasher({ parameters: CHEAP_PARAMETERS, maxWaiting: 0 });
    const first = hasher.hash('a@b.example', 'x', GUESSER);
    await expect(hasher.hash('a@b.example', 'x', GUESSER)).rejects.toMatchObject({
      code: 'server.unavailable',
      details: { retryAfterSeconds: 5 },
    });
    await first;
  });
});

describe('the password policy', () => {
  it.each([
    'password123!',
    'P@ssw0rd2024',
    'qwertyuiop',
    'QWERTY12345',
    'iloveyou1234',
    'Welcome2025!',
    'letmein-please',
    '1q2w3e4r5t6y',
    'sunshine2024',
    'football1234',
    'adminadmin',
    'passwordpassword',
    'zyxwvutsrqpo',
    'DragonMaster99',
    'ababababab',
    'trustno1trustno1',
  ])('refuses a common password: %s', (password) => {
    expect(passwordWeakness(password, OWNER)).not.toBeNull();
  });

  it.each(['ada.lovelace@northwind.example', 'AdaLovelace1', 'ada lovelace 42', 'ada.lovelace!!'])(
    'refuses the address and the name with small changes: %s',
    (password) => {
      expect(passwordWeakness(password, OWNER)).toBe('must not be the email address or the name');
    },
  );

  it.each([
    'seven-tulips-in-a-row',
    'dragon eats seven cookies',
    'Xk3!vQ9z#p',
    'пароль-для-двоих-42',
    '🌷🌻🌹🌺🌼🌸💐🪷🪻🍀',
  ])('accepts a password that is hard to guess: %s', (password) => {
    expect(passwordWeakness(password, OWNER)).toBeNull();
  });

  it('counts characters, not bytes or code units, after normalization', () => {
    expect(passwordWeakness('🌷🌻🌹🌺🌼🌸💐🪷🪻', OWNER)).toBe('must have at least 10 characters');
    expect(passwordWeakness(`${'seven-tulips-'.repeat(9)}!!!!!!!!!!!`, OWNER)).toBeNull();
    expect(passwordWeakness(`${'seven-tulips-'.repeat(9)}!!!!!!!!!!!!`, OWNER)).toBe(
      'must have at most 128 characters',
    );
  });
});
