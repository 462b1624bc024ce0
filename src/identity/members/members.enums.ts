/** suspended: keeps the membership and can do nothing with it. */
export const MEMBER_STATUSES = ['active', 'suspended'] as const;
