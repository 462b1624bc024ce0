import { configSchema } from '../../src/kernel/config/index.ts';
import { CommandError } from './command-error.ts';

/**
 * The variables and secrets of this copy's Worker: those of the launcher, overridden by those in the environment.
 * @throws CommandError naming each one that is malformed
 */
export function workerSettings(
  defaults: Record<string, string | undefined>,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const name of Object.keys(configSchema.shape)) {
    const value = name === 'DATABASE_URL' ? defaults[name] : (env[name] ?? defaults[name]);
    if (value !== undefined) settings[name] = value;
  }
  // The rest is in wrangler.toml, and the Worker itself checks it.
  const checked = configSchema.partial().safeParse(settings);
  if (checked.success) return settings;
  const problems = checked.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
  throw new CommandError(`configuration is not valid: ${[...new Set(problems)].join('; ')}`);
}
