/** How long calls are counted. */
export const USAGE_DAYS = 90;
