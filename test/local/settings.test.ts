import { describe, expect, it } from 'vitest';
import { workerSettings } from '../../workers/local/settings.ts';

describe("the local Worker's settings", () => {
  const env = (values: Record<string, string>) => values as NodeJS.ProcessEnv;

  it('come from the launcher, and an environment variable overrides them', () => {
    const own = { PUBLIC_URL: 'http://localhost:9000', MAIL_API_KEY: 'made-at-start' };
    expect(workerSettings(own, env({ PUBLIC_URL: 'https://tunnel.example', HOME: '/root' }))).toEqual({
      PUBLIC_URL: 'https://tunnel.example',
      MAIL_API_KEY: 'made-at-start',
    });
  });

  it('are rejected by name when malformed, without printing the value', () => {
    expect(() => workerSettings({}, env({ LOG_SAMPLE_RATE: 'lots', OPERATOR_TOKEN: 'hunter2' }))).toThrow(
      /^configuration is not valid: LOG_SAMPLE_RATE: (?!.*hunter2).*; OPERATOR_TOKEN: must be at least 32 random bytes/,
    );
  });
});
