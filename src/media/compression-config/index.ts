export { selectConfigsFor, selectIncluded } from './compression-config.queries.ts';
export { resolveConfig } from './compression-config.rules.ts';
