/** Connections of one person at once; one more replaces the oldest. */
export const MAX_CONNECTIONS = 20;
/** Events that are stored for devices that are away. */
export const MAX_EVENTS = 200;
/** How long an event is stored, milliseconds. */
export const EVENT_LIFE_MS = 86_400_000;
