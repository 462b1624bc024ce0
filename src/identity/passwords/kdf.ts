import { scryptAsync } from '@noble/hashes/scrypt.js';
import { base64Url, fromBase64Url } from '../../kernel/core/index.ts';

/** The cost of one password hash. Memory is `128 * r * 2^ln` bytes. */
export interface KdfParameters {
  /** Binary logarithm of scrypt's N. */
  ln: number;
  r: number;
  p: number;
}

/** One of the settings that OWASP rates as equivalent: 16 MiB and five passes. */
export const KDF_PARAMETERS: KdfParameters = { ln: 14, r: 8, p: 5 };

/** Upper bounds for a stored hash: a damaged row must not exhaust the isolate. */
const MAX_PARAMETERS: KdfParameters = { ln: 17, r: 16, p: 16 };

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/**
 * Milliseconds of computing after which the event loop runs, for objects that share their thread with requests. In
 * production objects have their own thread, and the clock stands still while code runs, so it never yields.
 */
const YIELD_AFTER_MS = 2;

const HASH_PATTERN = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]+)\$([\w-]+)$/;

interface ParsedHash extends KdfParameters {
  salt: Uint8Array;
  key: Uint8Array;
}

/** @throws Error when the text is not a hash that this module made */
function parseHash(text: string): ParsedHash {
  const match = HASH_PATTERN.exec(text);
  if (!match) throw new Error('a stored password hash is malformed');
  const [, ln, r, p, salt, key] = match as unknown as [string, string, string, string, string, string];
  const parsed = { ln: Number(ln), r: Number(r), p: Number(p) };
  if (parsed.ln > MAX_PARAMETERS.ln || parsed.r > MAX_PARAMETERS.r || parsed.p > MAX_PARAMETERS.p)
    throw new Error('a stored password hash exceeds the bounds');
  return { ...parsed, salt: fromBase64Url(salt), key: fromBase64Url(key) };
}

/** NFKC: the same password typed on another keyboard or system is the same bytes. */
function derive(password: string, salt: Uint8Array, { ln, r, p }: KdfParameters, keyBytes: number) {
  const options = { N: 2 ** ln, r, p, dkLen: keyBytes, asyncTick: YIELD_AFTER_MS };
  return scryptAsync(password.normalize('NFKC'), salt, options);
}

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i] ?? 0);
  return difference === 0;
}

/** `$scrypt$ln=14,r=8,p=5$salt$key`: it states how it was made, so that the cost can rise without a migration. */
export async function hashPassword(password: string, parameters = KDF_PARAMETERS): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const key = await derive(password, salt, parameters, KEY_BYTES);
  const { ln, r, p } = parameters;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64Url(salt)}$${base64Url(key)}`;
}

/** Compares in constant time. @throws Error when `hash` is malformed */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const parsed = parseHash(hash);
  return equalInConstantTime(
    await derive(password, parsed.salt, parsed, parsed.key.length || KEY_BYTES),
    parsed.key,
  );
}

/** Whether the hash was made at another cost than the current one: then it is replaced at the next log-in. */
export function isOutdated(hash: string, parameters = KDF_PARAMETERS): boolean {
  const { ln, r, p } = parseHash(hash);
  return ln !== parameters.ln || r !== parameters.r || p !== parameters.p;
}
