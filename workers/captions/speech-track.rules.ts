import { TrackKind, TrackSource } from '@livekit/rtc-node';

/** Those whose captions the product takes; agents, and recorders and the like of the cluster, are not among them. */
const SPEAKERS = /^(?:usr|gst|ext|phc|sip|ing)_/;

/**
 * Whether captions are written of a track: the sound of people, telephones and ingresses. The sound of a shared screen is not what the person
 * who shares it says.
 */
export const isSpeechTrack = (
  { kind, source }: { kind?: TrackKind | undefined; source?: TrackSource | undefined },
  identity: string,
): boolean =>
  kind === TrackKind.KIND_AUDIO && source !== TrackSource.SOURCE_SCREENSHARE_AUDIO && SPEAKERS.test(identity);
