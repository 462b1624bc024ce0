export { type Config, ConfigError, configSchema, parseConfig } from './config.ts';
