import { z } from '@hono/zod-openapi';
import { fromBase64Url } from '../core/index.ts';

export const commaSeparatedList = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

export const secretSchema = (minimumBytes: number) =>
  z.string().refine((text) => {
    try {
      return fromBase64Url(text).length >= minimumBytes;
    } catch {
      return false;
    }
  }, `must be at least ${minimumBytes} random bytes in base64url`);

/** `id:material` pairs, newest first: the first key signs or encrypts, all of them verify or decrypt. */
export const keyRing = (material: z.ZodType<string>) =>
  commaSeparatedList.pipe(
    z
      .array(
        z
          .string()
          .regex(/^[a-z0-9-]{1,32}:.+$/, 'must be id:material')
          .transform((pair) => ({
            id: pair.slice(0, pair.indexOf(':')),
            material: pair.slice(pair.indexOf(':') + 1),
          })),
      )
      .min(1, 'must contain at least one key')
      .refine((keys) => new Set(keys.map((key) => key.id)).size === keys.length, 'must not name a key twice')
      .refine(
        (keys) => keys.every((key) => material.safeParse(key.material).success),
        'contains a key that is too weak or malformed',
      ),
  );

export const ed25519Jwk = z.string().refine((text) => {
  try {
    return z
      .object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: secretSchema(32), d: secretSchema(32) })
      .safeParse(JSON.parse(new TextDecoder().decode(fromBase64Url(text)))).success;
  } catch {
    return false;
  }
}, 'must be a private Ed25519 JWK in base64url');

export const optionalUrl = z
  .union([z.literal(''), z.url()])
  .optional()
  .transform((text) => text || undefined);

const mediaClusterSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,32}$/),
  url: z.url({ protocol: /^wss?$/ }),
  apiKey: z.string().min(1),
  apiSecret: z.string().min(32),
  continents: z.array(z.enum(['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA'])),
});

export const mediaClustersSchema = z
  .string()
  .optional()
  .transform((text, issues): unknown => {
    if (!text) return [];
    try {
      return JSON.parse(text);
    } catch {
      issues.addIssue({ code: 'custom', message: 'must be JSON' });
      return z.NEVER;
    }
  })
  .pipe(
    z
      .array(mediaClusterSchema)
      .max(20)
      .refine(
        (list) => new Set(list.map(({ name }) => name)).size === list.length,
        'must not name a cluster twice',
      )
      .refine((list) => list.every(({ name }) => name !== 'default'), 'must not name a cluster default'),
  );

/** Providers of AI that the platform has a key for; others are asked with keys of organizations. */
export const aiProviderFields = {
  ANTHROPIC_API_KEY: z
    .string()
    .optional()
    .describe(
      'Secret. Key of the AI provider Anthropic; if absent, only keys of organizations are used for it',
    ),
  ANTHROPIC_API_URL: optionalUrl.describe('Address in place of Anthropic, http://host:port; for development'),
  OPENAI_API_KEY: z
    .string()
    .optional()
    .describe('Secret. Key of the AI provider OpenAI; if absent, only keys of organizations are used for it'),
  OPENAI_API_URL: optionalUrl.describe('Address in place of OpenAI, http://host:port; for development'),
  GOOGLE_API_KEY: z
    .string()
    .optional()
    .describe('Secret. Key of Google AI (Gemini); if absent, only keys of organizations are used for it'),
  GOOGLE_API_URL: optionalUrl.describe('Address in place of Google AI, http://host:port; for development'),
};
