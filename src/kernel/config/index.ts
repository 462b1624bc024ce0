export { type Config, configSchema } from './config.ts';
export { parseConfig } from './parse-config.ts';
