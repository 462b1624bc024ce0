export { selectConfigsFor, selectIncluded } from './compression-config.queries.ts';
export { type CopyConfig, resolveConfig } from './compression-config.rules.ts';
export { readCopyConfig } from './read-configs.ts';
