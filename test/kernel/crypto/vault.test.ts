import { describe, expect, it } from 'vitest';
import { createVault, rotateCiphertext, VaultError } from '../../../src/kernel/crypto/index.ts';
import { SECRET_MAKERS } from '../../../workers/local/secrets.ts';

const keyOf = (id: string) => {
  const [, material = ''] = SECRET_MAKERS.encryption(id).split(':');
  return { id, material };
};
const OLD = keyOf('e1');
const NEW = keyOf('e2');
const before = createVault([OLD]);
const during = createVault([NEW, OLD]);
const after = createVault([NEW]);
const ROW = 'webhooks.whk_1.secret';

describe('encryption at rest', () => {
  it('returns the original text, with any characters and length', async () => {
    for (const text of ['', 'secret', 'ключ 🔑 \u0000', 'x'.repeat(100_000)])
      expect(await before.decrypt(await before.encrypt(text, ROW), ROW)).toBe(text);
  });

  it('gives equal texts different ciphertexts, which reveal nothing of the text', async () => {
    const [one, two] = await Promise.all([before.encrypt('hunter2', ROW), before.encrypt('hunter2', ROW)]);
    expect(one).not.toBe(two);
    expect(one).not.toContain('hunter2');
    expect(one).toMatch(/^v1\.e1\.[\w-]+\.[\w-]+$/);
  });

  it('is bound to its row: in another row it does not decrypt', async () => {
    const sealed = await before.encrypt('hunter2', ROW);
    await expect(before.decrypt(sealed, 'webhooks.whk_2.secret')).rejects.toThrow(VaultError);
  });

  it('refuses a ciphertext with any character changed', async () => {
    const sealed = await before.encrypt('hunter2', ROW);
    for (let at = 0; at < sealed.length; at += 7) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const altered = sealed.slice(0, at) + other + sealed.slice(at + 1);
      // The last characters of base64url may contain unused bits; changing any other must be detected.
      if (at < sealed.length - 1) await expect(before.decrypt(altered, ROW)).rejects.toThrow(VaultError);
    }
  });

  it.each(['', 'v1', 'v1.e1', 'v2.e1.aa.bb', 'v1.e1..', 'v1.e1.!!.??', 'plain text'])(
    'refuses %j, which is not a ciphertext',
    async (text) => {
      await expect(before.decrypt(text, ROW)).rejects.toThrow(VaultError);
    },
  );

  it('does not decrypt with another key of the same id', async () => {
    const sealed = await before.encrypt('hunter2', ROW);
    await expect(createVault([keyOf('e1')]).decrypt(sealed, ROW)).rejects.toThrow('altered, or bound');
  });
});

describe('rotation of encryption keys', () => {
  it('decrypts old texts while their key is in the ring, and encrypts new ones with the newest key', async () => {
    const old = await before.encrypt('hunter2', ROW);
    expect(await during.decrypt(old, ROW)).toBe('hunter2');
    expect(during.isOutdated(old)).toBe(true);
    const fresh = await during.encrypt('hunter2', ROW);
    expect(during.isOutdated(fresh)).toBe(false);
    expect(await after.decrypt(fresh, ROW)).toBe('hunter2');
  });

  it('encrypts a text under the newest key once, still bound to its row', async () => {
    const old = await before.encrypt('hunter2', ROW);
    const rotated = await rotateCiphertext(during, old, ROW);
    expect(await after.decrypt(rotated!, ROW)).toBe('hunter2');
    await expect(after.decrypt(rotated!, 'other')).rejects.toThrow(VaultError);
    expect(await rotateCiphertext(during, rotated!, ROW)).toBeUndefined();
  });

  it('refuses a text that was moved to another row', async () => {
    const old = await before.encrypt('hunter2', ROW);
    await expect(rotateCiphertext(during, old, 'other')).rejects.toThrow(VaultError);
  });

  it('names the problem when the key of a text was removed', async () => {
    const old = await before.encrypt('hunter2', ROW);
    await expect(after.decrypt(old, ROW)).rejects.toThrow('encrypted with a key that is not in the ring');
  });
});
