/** Nobody waits longer than this without asking again. */
export const LOBBY_WAIT_SECONDS = 30 * 60;
/** Who was let in has so long to come in. */
export const ADMISSION_VALID_SECONDS = 10 * 60;
