/** Connections of an organization. */
export const MAX_CONNECTIONS = 25;

/** How long calls are counted. */
export const USAGE_DAYS = 90;
