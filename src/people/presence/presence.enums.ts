/** Who may see a person's presence: plain, for tables and schemas alike. */
export const VISIBILITIES = ['everyone', 'contacts', 'nobody'] as const;
export type Visibility = (typeof VISIBILITIES)[number];
