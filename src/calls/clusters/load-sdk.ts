/** LiveKit's SDK, evaluated at its first use: it is a seventh of what an isolate may take to start. */
export const loadSdk = () => import('livekit-server-sdk');
