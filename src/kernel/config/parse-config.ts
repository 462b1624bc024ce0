import { type Config, configSchema } from './config.ts';

/** The API key identifies the sender of an event, so it must be unique. */
const checkedConfigSchema = configSchema
  .refine(
    ({ LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_CLUSTERS: clusters }) => {
      const keys = [...(url && apiKey ? [apiKey] : []), ...clusters.map((cluster) => cluster.apiKey)];
      return new Set(keys).size === keys.length;
    },
    { path: ['LIVEKIT_CLUSTERS'], message: 'must give each cluster a different API key' },
  )
  .refine((config) => !config.STRIPE_SECRET_KEY || config.STRIPE_WEBHOOK_SECRET, {
    path: ['STRIPE_WEBHOOK_SECRET'],
    message: 'is required with STRIPE_SECRET_KEY',
  })
  .refine(
    ({ ENVIRONMENT, OUTGOING_ALLOWED }) => ENVIRONMENT === 'development' || OUTGOING_ALLOWED.length === 0,
    { path: ['OUTGOING_ALLOWED'], message: 'must be empty outside development' },
  )
  .refine(({ ENVIRONMENT, MCP_TEST_TOOLS }) => ENVIRONMENT === 'development' || !MCP_TEST_TOOLS, {
    path: ['MCP_TEST_TOOLS'],
    message: 'must be empty outside development',
  })
  .refine(
    (config) => !(config.COMPRESSION_URL || config.COMPRESSION_INSTANCES) || config.COMPRESSION_SECRET,
    {
      path: ['COMPRESSION_SECRET'],
      message: 'is required with COMPRESSION_URL or COMPRESSION_INSTANCES',
    },
  )
  .refine((config) => !config.COMPRESSION_URL || config.COMPRESSION_INSTANCES === 0, {
    path: ['COMPRESSION_INSTANCES'],
    message: 'must be 0 with COMPRESSION_URL',
  })
  .refine((config) => !config.CAPTIONS_URL || config.CAPTIONS_SECRET, {
    path: ['CAPTIONS_SECRET'],
    message: 'is required with CAPTIONS_URL',
  })
  .refine((config) => config.MEMORY_EMBEDDINGS !== 'openai' || config.OPENAI_API_KEY, {
    path: ['OPENAI_API_KEY'],
    message: 'is required with MEMORY_EMBEDDINGS openai',
  })
  .refine((config) => !config.SPEECH_URL || config.SPEECH_SECRET, {
    path: ['SPEECH_SECRET'],
    message: 'is required with SPEECH_URL',
  })
  .refine((config) => !config.SCANNER_URL || config.SCANNER_SECRET, {
    path: ['SCANNER_SECRET'],
    message: 'is required with SCANNER_URL',
  })
  .refine(
    (config) =>
      !config.RECORDINGS_S3_ENDPOINT ||
      (config.RECORDINGS_S3_BUCKET &&
        config.RECORDINGS_S3_ACCESS_KEY_ID &&
        config.RECORDINGS_S3_SECRET_ACCESS_KEY),
    {
      path: ['RECORDINGS_S3_ENDPOINT'],
      message: 'needs RECORDINGS_S3_BUCKET, RECORDINGS_S3_ACCESS_KEY_ID and RECORDINGS_S3_SECRET_ACCESS_KEY',
    },
  )
  .refine((config) => !config.PADDLE_API_KEY || config.PADDLE_WEBHOOK_SECRET, {
    path: ['PADDLE_WEBHOOK_SECRET'],
    message: 'is required with PADDLE_API_KEY',
  });

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Parses the variables and secrets of the environment.
 * @throws ConfigError naming every missing or malformed variable; never shows values
 */
export function parseConfig(env: unknown): Config {
  const result = checkedConfigSchema.safeParse(env);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
  throw new ConfigError(`configuration is not valid\n  ${[...new Set(problems)].join('\n  ')}`);
}
