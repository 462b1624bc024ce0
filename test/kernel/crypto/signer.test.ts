import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { createHasher, createSigner } from '../../../src/kernel/crypto/index.ts';
import { createTestApp, TestClock } from '../../support/app.ts';
import { SECRET_MAKERS } from '../../../workers/local/secrets.ts';

const keyOf = (id: string) => {
  const pair = SECRET_MAKERS.signing(id);
  return { id, material: pair.slice(id.length + 1) };
};
const OLD = keyOf('k1');
const NEW = keyOf('k2');
const ISSUER = 'http://auralink.test';
const TOKEN = { type: 'at+jwt', lifeSeconds: 300 };
let clock: TestClock;

beforeEach(() => {
  clock = new TestClock();
});

describe('signed tokens', () => {
  it('are valid only for their type, issuer and lifetime', async () => {
    const signer = createSigner([OLD], ISSUER, clock);
    const token = await signer.sign({ sub: 'usr_1' }, TOKEN);
    expect(await signer.verify(token, 'at+jwt')).toMatchObject({ sub: 'usr_1', iss: ISSUER });
    await expect(signer.verify(token, 'reset+jwt')).rejects.toMatchObject({ code: 'auth.invalid_token' });
    const elsewhere = createSigner([OLD], 'https://elsewhere.test', clock);
    await expect(elsewhere.verify(token, 'at+jwt')).rejects.toMatchObject({ code: 'auth.invalid_token' });
    clock.advanceSeconds(301);
    await expect(signer.verify(token, 'at+jwt')).rejects.toMatchObject({ code: 'auth.expired_token' });
  });

  it.each([
    [
      'without a signature',
      () => new UnsecuredJWT({}).setIssuer(ISSUER).setIssuedAt().setExpirationTime('5m').encode(),
    ],
    [
      'signed with the public key as a shared secret',
      () =>
        new SignJWT({})
          .setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'at+jwt' })
          .setIssuer(ISSUER)
          .setIssuedAt()
          .setExpirationTime('5m')
          .sign(new TextEncoder().encode(OLD.material)),
    ],
    ['that is no token', () => 'not.a.token'],
    ['that is empty', () => ''],
  ])('are refused %s', async (_name, make) => {
    const signer = createSigner([OLD], ISSUER, clock);
    await expect(signer.verify(await make(), 'at+jwt')).rejects.toMatchObject({ code: 'auth.invalid_token' });
  });
});

describe('rotation of signing keys', () => {
  it('keeps existing tokens valid: the old key verifies while it is in the ring, the new one signs', async () => {
    const live = await createSigner([OLD], ISSUER, clock).sign({ sub: 'usr_1' }, TOKEN);
    const rotated = createSigner([NEW, OLD], ISSUER, clock);
    expect(await rotated.verify(live, 'at+jwt')).toMatchObject({ sub: 'usr_1' });
    const fresh = await rotated.sign({ sub: 'usr_1' }, TOKEN);
    expect(decodeProtectedHeader(fresh).kid).toBe('k2');
  });

  it('lets isolates verify with the new key before they sign with it', async () => {
    const fresh = await createSigner([NEW, OLD], ISSUER, clock).sign({ sub: 'usr_1' }, TOKEN);
    expect(await createSigner([OLD, NEW], ISSUER, clock).verify(fresh, 'at+jwt')).toMatchObject({
      sub: 'usr_1',
    });
  });

  it('refuses tokens of a removed key', async () => {
    const live = await createSigner([OLD], ISSUER, clock).sign({ sub: 'usr_1' }, TOKEN);
    const later = createSigner([NEW], ISSUER, clock);
    await expect(later.verify(live, 'at+jwt')).rejects.toMatchObject({ code: 'auth.invalid_token' });
  });

  it('refuses a token that names another key', async () => {
    const forged = await createSigner([keyOf('k1')], ISSUER, clock).sign({ sub: 'usr_1' }, TOKEN);
    const signer = createSigner([OLD], ISSUER, clock);
    await expect(signer.verify(forged, 'at+jwt')).rejects.toMatchObject({ code: 'auth.invalid_token' });
  });
});

describe('the published key set', () => {
  it('suffices to verify tokens, and contains no private key', async () => {
    const app = createTestApp();
    const person = await app.person();
    const before = app.roundTrips();
    const { body, headers, status } = await app.send('GET', '/.well-known/jwks.json');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    expect(Object.keys(body.keys[0]).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    const { payload } = await jwtVerify(person.token, createLocalJWKSet(body), {
      issuer: 'http://auralink.test',
      currentDate: new Date(app.clock.now()),
    });
    expect(payload.sub).toBe(person.userId);
    expect(app.roundTrips()).toBe(before);
  });
});

describe('keyed hashes', () => {
  it('differ by purpose and by pepper for equal values', async () => {
    const hasher = createHasher(SECRET_MAKERS.pepper());
    const one = await hasher.hash('api_key', 'value');
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(await hasher.hash('api_key', 'value')).toBe(one);
    expect(await hasher.hash('refresh_token', 'value')).not.toBe(one);
    expect(await createHasher(SECRET_MAKERS.pepper()).hash('api_key', 'value')).not.toBe(one);
  });
});
