import { describe, expect, it } from 'vitest';
import { commitmentOf } from '../../../src/kernel/audit/index.ts';
import { redactSecrets } from '../../../src/kernel/audit/audit-statement.ts';
import { createTestApp } from '../../support/app.ts';

describe('the redaction of audit entries', () => {
  it.each([
    'password',
    'passwordHash',
    'newPassword',
    'secret',
    'clientSecret',
    'webhook_secret',
    'token',
    'accessToken',
    'refresh_token',
    'tokenHash',
    'secret_hash',
    'authorization',
    'Cookie',
    'set-cookie',
    'totpSeed',
    'pin',
    'recovery_otp',
    'apiKeys',
    'key',
    'api_key',
    'apiKey',
    'privateKey',
    'signingKey',
  ])('redacts a field named %s at any depth', (name) => {
    expect(redactSecrets({ [name]: 'hush' })).toEqual({ [name]: '[redacted]' });
    expect(redactSecrets({ list: [{ deep: { [name]: { inner: 'hush' } } }] })).toEqual({
      list: [{ deep: { [name]: '[redacted]' } }],
    });
  });

  it('redacts no other field', () => {
    const plain = {
      name: 'x',
      keyId: 'k1',
      monkey: 1,
      keyboard: true,
      hasPassword: true,
      token: null,
      tokenizer: 'x',
      when: null,
      tags: ['a', { b: 2 }],
    };
    expect(redactSecrets(plain)).toEqual(plain);
  });
});

describe('a commitment', () => {
  it('is equal for equal values and salts, and reveals nothing without its salt', async () => {
    expect(await commitmentOf('salt', { a: 1, b: 2 })).toBe(await commitmentOf('salt', { b: 2, a: 1 }));
    expect(await commitmentOf('salt', 'x')).not.toBe(await commitmentOf('other', 'x'));
    expect(await commitmentOf('salt', 'x')).not.toBe(await commitmentOf('salt', 'y'));
  });
});

it('an entry names its actor, origin and request', async () => {
  const app = createTestApp();
  const owner = await app.person();
  await app.send('PATCH', `/api/v1/organizations/${owner.organizationId}`, {
    token: owner.token,
    body: { name: 'Renamed' },
    headers: { 'cf-connecting-ip': '203.0.113.9', 'user-agent': 'tester/1', 'x-request-id': 'request-0001' },
  });
  const { body } = await app.send('GET', '/api/v1/audit/logs', { token: owner.token });
  expect(body.data[0]).toMatchObject({
    actorKind: 'user',
    actorId: owner.userId,
    ip: '203.0.113.9',
    userAgent: 'tester/1',
    requestId: 'request-0001',
    createdAt: new Date(app.clock.now()).toISOString(),
  });
});
