import type { MediaGrants, TrackSourceName } from '../clusters/index.ts';
import type { RoomFeatures, RoomRole } from '../rooms/index.ts';

const VOICE: readonly TrackSourceName[] = ['microphone'];
const FACE: readonly TrackSourceName[] = ['camera', 'microphone'];
const SCREEN: readonly TrackSourceName[] = ['screen_share', 'screen_share_audio'];

/** What people of the room may publish. */
function sourcesOf(roomType: string, { screenShare }: Pick<RoomFeatures, 'screenShare'>): TrackSourceName[] {
  return [...(roomType === 'audio_room' ? VOICE : FACE), ...(screenShare ? SCREEN : [])];
}

/**
 * What a role may do with media. Agents publish whatever they make; observers are heard and seen by nobody; viewers
 * watch.
 */
export function grantsOf(
  role: RoomRole,
  roomType: string,
  features: Pick<RoomFeatures, 'screenShare'>,
): MediaGrants {
  const none = { publish: false, subscribe: true, data: false, hidden: false, agent: false };
  switch (role) {
    case 'host':
    case 'moderator':
    case 'participant':
      return { ...none, publish: true, data: true, sources: sourcesOf(roomType, features) };
    case 'agent':
      return { ...none, publish: true, data: true, agent: true };
    case 'observer':
      return { ...none, hidden: true };
    case 'viewer':
      return none;
  }
}
