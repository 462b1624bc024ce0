/** How a model is chosen when there is no default model, or it cannot answer. */
export const PREFERENCE_POLICIES = ['cheapest', 'fastest'] as const;
export type PreferencePolicy = (typeof PREFERENCE_POLICIES)[number];
