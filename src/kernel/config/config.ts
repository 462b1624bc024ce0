import { z } from '@hono/zod-openapi';
import {
  aiProviderFields,
  commaSeparatedList,
  ed25519Jwk,
  keyRing,
  mediaClustersSchema,
  optionalUrl,
  secretSchema,
} from './config.schemas.ts';

const optionalSecret = z.string().min(32).optional();

/**
 * Every variable and secret, with its meaning. Variables are in `wrangler.toml`, secrets in the platform's store
 * (`wrangler secret put NAME`); neither has a default where a wrong guess would do harm.
 */
export const configSchema = z.object({
  ENVIRONMENT: z.enum(['development', 'staging', 'production']).describe('Which environment this is'),
  PUBLIC_URL: z.url().describe('Public base URL of the API; issuer of access tokens, base of links in mails'),
  CORS_ORIGINS: commaSeparatedList
    .describe('Origins that browsers may call from, comma-separated; never *')
    .refine((origins) => origins.every((origin) => origin !== '*'), 'must list origins, never *'),
  APP_URL: z
    .url()
    .describe(
      'URL of the web app: links in mails lead to its /verify-email, /reset-password, /confirm-email-change, /stop-email-change and /invitations/accept',
    ),
  MAIL_FROM: z.string().min(3).describe('Sender of mails, e.g. AuraLink <no-reply@example.com>'),
  MAIL_API_URL: z.url().describe('HTTP mail API: POST {MAIL_API_URL}/emails {from, to, subject, text, html}'),
  LIVEKIT_URL: optionalUrl.describe('LiveKit cluster, wss://…; empty: media is not configured'),
  COMPRESSION_URL: optionalUrl.describe('URL of a compression service that runs elsewhere; empty: none'),
  COMPRESSION_INSTANCES: z
    .string()
    .regex(/^(1?\d|20)$/, 'must be 0 to 20')
    .default('0')
    .transform(Number)
    .describe('Instances of the compression service in containers of the platform; 0: none'),
  CAPTIONS_URL: optionalUrl.describe('URL of the process that writes live captions; empty: none'),
  SPEECH_URL: optionalUrl.describe('URL of the speech service; empty: none'),
  MEMORY_EMBEDDINGS: z
    .enum(['speech', 'openai'])
    .default('speech')
    .describe(
      'What makes the vectors of memories: speech, the speech service, or openai, which is sent their texts; a change makes all of them again',
    ),
  SCANNER_URL: optionalUrl.describe(
    'URL of the scanner container; empty: files are not scanned, in development for the EICAR test file only',
  ),
  PAYMENT_PROVIDER: z
    .enum(['', 'stripe', 'paddle'])
    .optional()
    .transform((name) => name || undefined)
    .describe(
      'Payment provider of new customers, stripe or paddle; empty: the configured one, Stripe before Paddle',
    ),
  STRIPE_API_URL: optionalUrl.describe('Address in place of Stripe, http://host:port; for development'),
  PADDLE_API_URL: optionalUrl.describe('Address in place of Paddle, http://host:port; for development'),
  DNS_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://cloudflare-dns.com/dns-query')
    .describe('DNS over HTTPS, answering in JSON: looks up host names of addresses that customers give'),
  OUTGOING_ALLOWED: commaSeparatedList
    .optional()
    .transform((list) => list ?? [])
    .describe(
      'Addresses that customers may give although they are not public, scheme://host:port, comma-separated; for development',
    ),
  MCP_TEST_TOOLS: z
    .enum(['', 'on'])
    .optional()
    .describe('on: the MCP server offers what its conformance suite tests it by; for development'),
  RECORDINGS_S3_ENDPOINT: optionalUrl.describe(
    'S3 endpoint of the bucket RECORDINGS, to which recorders write; empty: recordings need a bucket of the organization',
  ),
  RECORDINGS_S3_BUCKET: z
    .string()
    .optional()
    .describe('With RECORDINGS_S3_ENDPOINT; the name of that bucket, as the binding RECORDINGS has it'),
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalUrl.describe(
    'OpenTelemetry collector (OTLP over HTTP, JSON); empty: spans are not exported',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .regex(/^\s*([^=,\s]+=[^,]*(,|$))*\s*$/, 'must be key=value pairs, comma-separated')
    .optional()
    .describe('Secret. Headers the collector requires, as key=value,key=value with percent-encoded values'),
  NEON_LOCAL_ENDPOINT: optionalUrl.describe(
    'Neon-compatible endpoint in place of Neon, http://host:port; for development',
  ),
  STATEMENT_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(5_000)
    .describe('Time limit of a database statement, in milliseconds'),
  ACCESS_TOKEN_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .max(3_600)
    .default(300)
    .describe('Lifetime of an access token'),
  REFRESH_TOKEN_SECONDS: z.coerce
    .number()
    .int()
    .min(3_600)
    .max(7_776_000)
    .default(604_800)
    .describe('Lifetime of a refresh token'),
  AUTH_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(5)
    .describe('Requests per minute and address to each sign-in operation'),
  LOG_SAMPLE_RATE: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('Share of successful requests whose event is logged, 0 to 1; failures always are'),

  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' })
    .describe('Secret. Neon connection string'),
  SIGNING_KEYS: keyRing(ed25519Jwk).describe(
    'Secret. id:base64url(private Ed25519 JWK), newest first; signs tokens and audit checkpoints',
  ),
  ENCRYPTION_KEYS: keyRing(secretSchema(32)).describe(
    'Secret. id:base64url(32 bytes), newest first; encrypts the keys of data at rest',
  ),
  HASH_PEPPER: secretSchema(32).describe(
    'Secret. Key of the hashes of API keys, refresh tokens and addresses',
  ),
  OPERATOR_TOKEN: secretSchema(32).describe(
    'Secret. Bearer credential of the operator endpoints and of /metrics',
  ),
  MAIL_API_KEY: z.string().min(8).describe('Secret. Bearer credential of the mail API'),
  LIVEKIT_API_KEY: z.string().optional().describe('Secret. With LIVEKIT_URL'),
  LIVEKIT_API_SECRET: z.string().optional().describe('Secret. With LIVEKIT_URL'),
  LIVEKIT_CLUSTERS: mediaClustersSchema.describe(
    'Secret. Further LiveKit clusters, as JSON: [{"name", "url", "apiKey", "apiSecret", "continents": ["EU"]}]',
  ),
  STRIPE_SECRET_KEY: z
    .string()
    .min(8)
    .optional()
    .describe('Secret. Key of the Stripe account; absent: Stripe is not configured'),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .min(8)
    .optional()
    .describe('Secret. With STRIPE_SECRET_KEY; signs the events at /webhooks/stripe'),
  PADDLE_API_KEY: z
    .string()
    .min(8)
    .optional()
    .describe('Secret. Key of the Paddle account; absent: Paddle is not configured'),
  PADDLE_WEBHOOK_SECRET: z
    .string()
    .min(8)
    .optional()
    .describe('Secret. With PADDLE_API_KEY; signs the events at /webhooks/paddle'),
  COMPRESSION_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe(
      'Secret. With COMPRESSION_URL or COMPRESSION_INSTANCES; one of the secrets that the compression service knows',
    ),
  RECORDINGS_S3_ACCESS_KEY_ID: z
    .string()
    .optional()
    .describe('Secret. With RECORDINGS_S3_ENDPOINT; an access key to that bucket alone'),
  RECORDINGS_S3_SECRET_ACCESS_KEY: z.string().optional().describe('Secret. With RECORDINGS_S3_ENDPOINT'),
  CAPTIONS_SECRET: optionalSecret.describe('Secret. With CAPTIONS_URL; the secret of that process'),
  SPEECH_SECRET: optionalSecret.describe(
    'Secret. With SPEECH_URL; one of the secrets that the speech service knows',
  ),
  AGENTS_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe(
      'Secret. What processes of agents in calls identify themselves with; empty: no agent joins a call',
    ),
  SCANNER_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('Secret. With SCANNER_URL; one of the secrets that the scanner knows'),
  ...aiProviderFields,
});

export type Config = z.infer<typeof configSchema>;
