import { describe, expect, it } from 'vitest';
import { configSchema, parseConfig } from '../../../src/kernel/config/index.ts';
import { randomSecrets, SECRET_MAKERS } from '../../../workers/local/secrets.ts';

const validEnv = {
  ENVIRONMENT: 'production',
  PUBLIC_URL: 'https://api.auralink.example',
  CORS_ORIGINS: 'https://app.auralink.example, https://admin.auralink.example',
  APP_URL: 'https://app.auralink.example',
  MAIL_FROM: 'AuraLink <no-reply@auralink.example>',
  MAIL_API_URL: 'https://mail.auralink.example',
  LIVEKIT_URL: '',
  COMPRESSION_URL: '',
  OTEL_EXPORTER_OTLP_ENDPOINT: '',
  NEON_LOCAL_ENDPOINT: '',
  DATABASE_URL: 'postgres://user:hunter2@db.example/auralink',
  ...randomSecrets(),
};

/** What is said of an environment that is not valid. */
function readConfigError(changes: Record<string, string | undefined>): string {
  try {
    parseConfig({ ...validEnv, ...changes });
  } catch (error) {
    expect(error).toMatchObject({ name: 'ConfigError' });
    return (error as Error).message;
  }
  throw new Error(`${JSON.stringify(changes)} was taken for valid`);
}

const weakKey = Buffer.alloc(31, 1).toString('base64url');
const publicKeyOnly = (() => {
  const [, material = ''] = SECRET_MAKERS.signing('k1').split(':');
  const { kty, crv, x } = JSON.parse(Buffer.from(material, 'base64url').toString()) as Record<string, string>;
  return Buffer.from(JSON.stringify({ kty, crv, x })).toString('base64url');
})();

describe('the configuration', () => {
  it('is parsed into typed values', () => {
    const config = parseConfig(validEnv);
    expect(config.CORS_ORIGINS).toEqual(['https://app.auralink.example', 'https://admin.auralink.example']);
    expect(config.SIGNING_KEYS).toMatchObject([{ id: 'k1' }]);
    expect(config.LIVEKIT_URL).toBeUndefined();
    expect(config).toMatchObject({
      ACCESS_TOKEN_SECONDS: 300,
      LOG_SAMPLE_RATE: 1,
      STATEMENT_TIMEOUT_MS: 5_000,
    });
  });

  it('describes every variable and marks every secret', () => {
    for (const [name, field] of Object.entries(configSchema.shape))
      expect([name, field.description?.length ?? 0]).not.toEqual([name, 0]);
    for (const name of [
      ...Object.keys(randomSecrets()),
      'DATABASE_URL',
    ] as (keyof typeof configSchema.shape)[])
      expect(configSchema.shape[name].description).toMatch(/^Secret\./);
  });

  const required = Object.keys(validEnv).filter((name) => validEnv[name as keyof typeof validEnv] !== '');
  it.each(required)('a missing %s stops the start and is named', (name) => {
    expect(readConfigError({ [name]: undefined })).toContain(`${name}:`);
  });

  it.each(required)('an empty %s counts as missing', (name) => {
    if (name === 'CORS_ORIGINS')
      expect(parseConfig({ ...validEnv, CORS_ORIGINS: '' }).CORS_ORIGINS).toEqual([]);
    else expect(readConfigError({ [name]: '' })).toContain(`${name}:`);
  });

  it('names every invalid variable at once', () => {
    const said = readConfigError({ PUBLIC_URL: 'nonsense', DATABASE_URL: undefined, HASH_PEPPER: 'short' });
    for (const name of ['PUBLIC_URL', 'DATABASE_URL', 'HASH_PEPPER']) expect(said).toContain(`${name}:`);
    expect(said).not.toContain('SIGNING_KEYS');
  });

  it.each([
    ['ENVIRONMENT', 'test'],
    ['PUBLIC_URL', 'api.auralink.example'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://app.auralink.example,*'],
    ['MAIL_API_URL', 'mail'],
    ['LIVEKIT_URL', 'nowhere'],
    ['DATABASE_URL', 'mysql://user:hunter2@db.example/auralink'],
    ['DATABASE_URL', 'db.example'],
    ['STATEMENT_TIMEOUT_MS', '0'],
    ['STATEMENT_TIMEOUT_MS', 'soon'],
    ['ACCESS_TOKEN_SECONDS', '86400'],
    ['REFRESH_TOKEN_SECONDS', '-1'],
    ['LOG_SAMPLE_RATE', '2'],
    ['MEMORY_EMBEDDINGS', 'cohere'],
    ['DNS_URL', 'resolver'],
    ['OUTGOING_ALLOWED', 'http://127.0.0.1:7070'],
    ['MCP_TEST_TOOLS', 'on'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'no equals sign'],
    ['SIGNING_KEYS', 'k1'],
    ['SIGNING_KEYS', `k1:${weakKey}`],
    ['SIGNING_KEYS', `k1:${publicKeyOnly}`],
    ['SIGNING_KEYS', `K 1:${SECRET_MAKERS.signing('x').slice(2)}`],
    ['ENCRYPTION_KEYS', `e1:${weakKey}`],
    ['ENCRYPTION_KEYS', 'e1:not base64!'],
    ['ENCRYPTION_KEYS', `${validEnv.ENCRYPTION_KEYS},${SECRET_MAKERS.encryption('e1')}`],
    ['ENCRYPTION_KEYS', `${validEnv.ENCRYPTION_KEYS},e2:${weakKey}`],
    ['HASH_PEPPER', weakKey],
    ['OPERATOR_TOKEN', weakKey],
    ['OPERATOR_TOKEN', 'changeme'],
    ['MAIL_API_KEY', 'short'],
  ])('%s is refused as %s', (name, value) => {
    expect(readConfigError({ [name]: value })).toContain(`${name}:`);
  });

  it('requires the key of the provider that makes the vectors of memories', () => {
    expect(readConfigError({ MEMORY_EMBEDDINGS: 'openai' })).toContain('OPENAI_API_KEY:');
  });

  it('requires a different API key for each media cluster, including the one of LIVEKIT_URL', () => {
    const cluster = (name: string, apiKey: string) => ({
      name,
      url: `wss://${name}.auralink.example`,
      apiKey,
      apiSecret: 'far away '.repeat(4),
      continents: [],
    });
    const listed = (...clusters: object[]) => ({ LIVEKIT_CLUSTERS: JSON.stringify(clusters) });
    const single = { LIVEKIT_URL: 'wss://media.auralink.example', LIVEKIT_API_KEY: 'key' };
    for (const twice of [
      listed(cluster('eu', 'key'), cluster('us', 'key')),
      { ...single, ...listed(cluster('eu', 'key')) },
    ])
      expect(readConfigError(twice)).toContain(
        'LIVEKIT_CLUSTERS: must give each cluster a different API key',
      );
    const own = { ...single, ...listed(cluster('eu', 'other'), cluster('us', 'third')) };
    expect(parseConfig({ ...validEnv, ...own }).LIVEKIT_CLUSTERS).toHaveLength(2);
  });

  it('never shows a value', () => {
    const secret = 'hunter2-hunter2-hunter2';
    const all = Object.fromEntries(Object.keys(configSchema.shape).map((name) => [name, secret]));
    expect(readConfigError(all)).not.toContain('hunter2');
  });

  it('accepts a ring of several keys, newest first', () => {
    const ring = [SECRET_MAKERS.signing('k2'), SECRET_MAKERS.signing('k1')].join(', ');
    expect(parseConfig({ ...validEnv, SIGNING_KEYS: ring }).SIGNING_KEYS.map(({ id }) => id)).toEqual([
      'k2',
      'k1',
    ]);
  });
});

describe('generated secrets', () => {
  it.each(Object.entries(SECRET_MAKERS))('%s: valid, and different each time', (kind, make) => {
    const variable = {
      signing: 'SIGNING_KEYS',
      encryption: 'ENCRYPTION_KEYS',
      pepper: 'HASH_PEPPER',
      operator: 'OPERATOR_TOKEN',
    }[kind]!;
    const value = make('k9');
    expect(() => parseConfig({ ...validEnv, [variable]: value })).not.toThrow();
    expect(make('k9')).not.toBe(value);
  });
});
