export { type Config, configSchema, parseConfig } from './config.ts';
