import { base64Url, fromBase64Url, fromUtf8, utf8 } from '../core/index.ts';

export interface KeyMaterial {
  id: string;
  /** base64url */
  material: string;
}

/** Encrypts data at rest. The associated data binds a ciphertext to its row: in another row it does not decrypt. */
export interface Vault {
  encrypt(plaintext: string, associatedData: string): Promise<string>;
  /** @throws VaultError when the ciphertext was altered, moved, or encrypted with a key that was removed */
  decrypt(ciphertext: string, associatedData: string): Promise<string>;
  /** Id of the key that encrypts: the second part of each ciphertext, between dots. */
  readonly newestKeyId: string;
  /** Whether the text was encrypted with a key that is not the newest one. */
  isOutdated(ciphertext: string): boolean;
}

export class VaultError extends Error {
  override readonly name = 'VaultError';
}

const VERSION = 'v1';
const IV_BYTES = 12;

type Bytes = Uint8Array<ArrayBuffer>;

async function seal(key: CryptoKey, plaintext: Bytes, additionalData: Bytes): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = new Uint8Array(
    await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plaintext),
  );
  const out = new Uint8Array(IV_BYTES + sealed.length);
  out.set(iv);
  out.set(sealed, IV_BYTES);
  return out;
}

async function open(key: CryptoKey, sealed: Bytes, additionalData: Bytes): Promise<Bytes> {
  const iv = sealed.slice(0, IV_BYTES);
  return new Uint8Array(
    await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, sealed.slice(IV_BYTES)),
  );
}

const importKey = (raw: Bytes) =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);

/**
 * AES-256-GCM envelope encryption: each text has its own data key, wrapped by the newest key of the ring. The format is
 * `v1.keyId.wrappedKey.sealedText`; key id and associated data are authenticated in both layers.
 * @param keys newest first; the first encrypts, all decrypt
 */
export function createVault(keys: readonly KeyMaterial[]): Vault {
  const newestKeyId = keys[0]!.id;
  const keyRing = new Map(keys.map(({ id, material }) => [id, importKey(fromBase64Url(material))]));
  const bindingFor = (keyId: string, associatedData: string) => utf8(`${VERSION}.${keyId}.${associatedData}`);

  return {
    newestKeyId,
    async encrypt(plaintext, associatedData) {
      const binding = bindingFor(newestKeyId, associatedData);
      const dataKey = crypto.getRandomValues(new Uint8Array(32));
      const wrapped = await seal(await keyRing.get(newestKeyId)!, dataKey, binding);
      const sealed = await seal(await importKey(dataKey), utf8(plaintext), binding);
      return [VERSION, newestKeyId, base64Url(wrapped), base64Url(sealed)].join('.');
    },
    async decrypt(ciphertext, associatedData) {
      const [version, keyId = '', wrapped = '', sealed = ''] = ciphertext.split('.');
      const key = keyRing.get(keyId);
      if (version !== VERSION || !key) throw new VaultError('encrypted with a key that is not in the ring');
      try {
        const binding = bindingFor(keyId, associatedData);
        const dataKey = await open(await key, fromBase64Url(wrapped), binding);
        return fromUtf8(await open(await importKey(dataKey), fromBase64Url(sealed), binding));
      } catch (cause) {
        throw new VaultError('altered, or bound to another row', { cause });
      }
    },
    isOutdated: (ciphertext) => ciphertext.split('.')[1] !== newestKeyId,
  };
}
