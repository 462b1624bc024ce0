/** Connections of an organization. */
export const MAX_CONNECTIONS = 25;
