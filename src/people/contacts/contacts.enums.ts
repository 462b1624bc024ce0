/** What a contact is to its owner: plain, for tables and schemas alike. */
export const RELATIONSHIPS = ['friend', 'colleague'] as const;
