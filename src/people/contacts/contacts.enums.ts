/** What a contact is to the owner of the address book. */
export const RELATIONSHIPS = ['friend', 'colleague'] as const;
