export type { PreferencePolicy } from './ai-preferences.enums.ts';
export { selectPersonalPreferences, selectPreferences } from './ai-preferences.queries.ts';
export {
  type CallerPreferences,
  combinePreferences,
  type EffectivePreferences,
  versionOf as versionOfPreferences,
} from './ai-preferences.rules.ts';
