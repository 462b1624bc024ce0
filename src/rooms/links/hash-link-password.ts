import type { Ctx } from '../../kernel/context/index.ts';
import { base64Url, fromBase64Url, utf8 } from '../../kernel/core/index.ts';

/** The most that the runtime's implementation allows; about 20 ms. */
const ITERATIONS = 100_000;
const SALT_BYTES = 16;
const KEY_BITS = 256;
const HASH_PATTERN = /^\$pbkdf2-sha256-keyed\$i=(\d{1,6})\$([\w-]+)\$([0-9a-f]{64})$/;

type HashContext = Pick<Ctx, 'hasher'>;

async function deriveKey(
  { hasher }: HashContext,
  password: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
) {
  const material = await crypto.subtle.importKey('raw', utf8(password.normalize('NFKC')), 'PBKDF2', false, [
    'deriveBits',
  ]);
  const bits = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
    material,
    KEY_BITS,
  );
  return hasher.hash('links.password', base64Url(new Uint8Array(bits)));
}

/** The hash of a link's password: useless without the pepper, and slow to guess with it. */
export async function hashLinkPassword(
  ctx: HashContext & Pick<Ctx, 'ids'>,
  password: string,
): Promise<string> {
  const salt = ctx.ids.random(SALT_BYTES);
  const key = await deriveKey(ctx, password, salt, ITERATIONS);
  return `$pbkdf2-sha256-keyed$i=${ITERATIONS}$${base64Url(salt)}$${key}`;
}

/** Stands for one password of a link: setting a password, also the same one, gives another version. */
export const passwordVersion = (hash: string): string => hash.split('$')[3] ?? '';

function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

/** Compares in constant time. @throws Error when the hash was not made by `hashLinkPassword` */
export async function matchesLinkPassword(
  ctx: HashContext,
  password: string,
  hash: string,
): Promise<boolean> {
  const [, iterations, salt, key] = HASH_PATTERN.exec(hash) ?? [];
  if (iterations === undefined || salt === undefined || key === undefined)
    throw new Error("a link's password hash is malformed");
  return equalInConstantTime(await deriveKey(ctx, password, fromBase64Url(salt), Number(iterations)), key);
}
