/** What an organization pays for; each plan has limits of its own. */
export const PLANS = ['free', 'pro', 'enterprise', 'custom'] as const;
