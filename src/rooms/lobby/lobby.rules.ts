/** How long an entry waits before it expires. */
export const LOBBY_WAIT_SECONDS = 30 * 60;
/** How long an admitted person can come in; see `callId` of an entry. */
export const ADMISSION_VALID_SECONDS = 10 * 60;
