/** Loads LiveKit's SDK at its first use: evaluating it takes a seventh of an isolate's start-up limit. */
export const loadSdk = () => import('livekit-server-sdk');
