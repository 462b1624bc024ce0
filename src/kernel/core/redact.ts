import { cutText } from './storable.ts';

/** Names whose values appear in no log and no audit entry: by a word in the name, or by the word it ends with. */
const SECRET_WORDS =
  'secret|passw|passphrase|authorization|cookie|pepper|credential|privatekey|signature|apikey|hash';
const SECRET_WORD = new RegExp(SECRET_WORDS, 'i');
const SECRET_SUFFIX =
  /(?:^|[_-])(?:token|key|jwt|otp|pin|seed)s?$|[a-z](?:Token|Key|Jwt|Otp|Pin|Seed)s?$|(?:^|_)(?:TOKEN|KEY|SEED)S?$/;

export const REDACTED = '[redacted]';

/** Whether a name says that its value is a secret. */
const isSecretName = (name: string) => SECRET_WORD.test(name) || SECRET_SUFFIX.test(name);

/** Whether a field holds a secret. A boolean or null reveals none and is useful to read: `hasPassword`, `secretSet`. */
export const isSecretField = (name: string, value: unknown): boolean =>
  typeof value !== 'boolean' && value !== null && isSecretName(name);

const MAX_DEPTH = 6;
const MAX_ITEMS = 50;
const MAX_TEXT = 2_000;
const MAX_STACK = 4_000;

/** Cheap test whether a text may contain something that `MASKS` finds. */
const SUSPICIOUS_TEXT = /@|bearer|basic |eyJ|:\/\/|[a-z]{2,5}_(?:live|test|sk|secret)|sk-|-----BEGIN/i;
/** Patterns of secrets and e-mail addresses inside a text; each is bounded, so that no text makes it slow. */
const MASKS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]{1,40}-----[\s\S]{0,4000}?(?:-----END [A-Z ]{1,40}-----|$)/g, '[key]'],
  [/:\/\/[^\s/:@]{0,200}:[^\s/@]{1,200}@/g, '://[credentials]@'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,4000}/gi, '$1 [redacted]'],
  [/\beyJ[\w-]{5,4000}\.[\w-]{2,4000}(?:\.[\w-]{0,4000})?/g, '[jwt]'],
  [/\b[a-z]{2,5}_(?:live|test|sk|secret)_[\w-]{8,200}/gi, '[api key]'],
  [/\bsk-[\w-]{16,200}/g, '[api key]'],
  [/[\p{L}\p{M}\p{N}_.%+-]{1,64}@[\p{L}\p{M}\p{N}_-]{1,63}(?:\.[\p{L}\p{M}\p{N}_-]{1,63}){1,8}/gu, '[email]'],
];

/** Secrets that messages of providers quote from our calls: `api_key=…`, `"secret": "…"`. */
const NAMED_VALUE = new RegExp(
  `(\\w{0,40}(?:(?:${SECRET_WORDS})\\w{0,20}|(?:token|key|jwt|otp|pin|seed)s?))(["']?\\s{0,3}[=:]\\s{0,3}["']?)(?!(?:bearer|basic)\\b)[^\\s&,;"']{1,1000}`,
  'gi',
);

/** Masks what looks like a credential or an e-mail address and cuts the text to `limit` characters. */
export function maskText(text: string, limit = MAX_TEXT): string {
  const short = text.length > limit ? `${cutText(text, limit)}…` : text;
  const masked = SUSPICIOUS_TEXT.test(short)
    ? MASKS.reduce((rest, [pattern, replacement]) => rest.replaceAll(pattern, replacement), short)
    : short;
  return masked.replaceAll(NAMED_VALUE, (whole: string, name: string, between: string) =>
    isSecretName(name) ? `${name}${between}${REDACTED}` : whole,
  );
}

/** Fields whose values we make ourselves and need no masking, which would cost more than writing the rest of the log. */
const UNREDACTED_FIELDS = new Set([
  'level',
  'event',
  'at',
  'traceparent',
  'method',
  'route',
  'operationId',
  'actorKind',
  'actorId',
  'organizationId',
]);

/** secret: never shown. own: shown unchanged. text: masked. */
type FieldKind = 'secret' | 'own' | 'text';
const fieldKinds = new Map<string, FieldKind>();
const MAX_REMEMBERED_NAMES = 1_000;

function classifyField(name: string): FieldKind {
  let kind = fieldKinds.get(name);
  if (kind === undefined) {
    const secret = isSecretName(name);
    kind = secret ? 'secret' : UNREDACTED_FIELDS.has(name) ? 'own' : 'text';
    if (fieldKinds.size < MAX_REMEMBERED_NAMES) fieldKinds.set(name, kind);
  }
  return kind;
}

function redactError(error: Error, depth: number, ancestors: readonly object[]): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    name,
    message: maskText(message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(stack === undefined ? {} : { stack: maskText(stack, MAX_STACK) }),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1, ancestors) }),
  };
}

function redactObject(value: object, depth: number, ancestors: readonly object[]): unknown {
  if (value instanceof Error) return redactError(value, depth, ancestors);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => redact(item, depth + 1, ancestors));
    return value.length > MAX_ITEMS ? [...items, `[${value.length - MAX_ITEMS} more]`] : items;
  }
  const source = value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value;
  if (Array.isArray(source)) return redactObject(source, depth, ancestors);
  const names = Object.keys(source);
  const plain: Record<string, unknown> = {};
  for (const name of names.slice(0, MAX_ITEMS))
    plain[name] = redactField(name, (source as Record<string, unknown>)[name], depth + 1, ancestors);
  if (names.length > MAX_ITEMS) plain['…'] = `${names.length - MAX_ITEMS} more`;
  return plain;
}

/** Makes a JSON value without secrets and cycles, bounded in depth, items and text for a log line. */
export function redact(value: unknown, depth = 0, ancestors: readonly object[] = []): unknown {
  switch (typeof value) {
    case 'string':
      return maskText(value);
    case 'bigint':
    case 'symbol':
      return String(value);
    case 'function':
      return '[function]';
    case 'object':
      if (value === null) return null;
      if (ancestors.includes(value)) return '[circular]';
      return depth >= MAX_DEPTH ? '[too deep]' : redactObject(value, depth, [...ancestors, value]);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
    case 'undefined':
      return value;
  }
}

/** Like `redact`, for a named value: a value with the name of a secret is replaced. */
export function redactField(
  name: string,
  value: unknown,
  depth = 0,
  ancestors: readonly object[] = [],
): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return redact(value);
  const kind = classifyField(name);
  if (kind === 'secret') return REDACTED;
  return kind === 'own' && depth === 0 && typeof value === 'string' ? value : redact(value, depth, ancestors);
}
