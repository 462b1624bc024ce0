import type { MediaGrants, TrackSource } from '../../calls/clusters/index.ts';
import type { RoomFeatures, RoomRole } from '../rooms/index.ts';

const AUDIO_SOURCES: readonly TrackSource[] = ['microphone'];
const CAMERA_SOURCES: readonly TrackSource[] = ['camera', 'microphone'];
const SCREEN_SOURCES: readonly TrackSource[] = ['screen_share', 'screen_share_audio'];

/** What people of the room may publish. */
function publishSourcesOf(
  roomType: string,
  { screenShare }: Pick<RoomFeatures, 'screenShare'>,
): TrackSource[] {
  return [
    ...(roomType === 'audio_room' ? AUDIO_SOURCES : CAMERA_SOURCES),
    ...(screenShare ? SCREEN_SOURCES : []),
  ];
}

/**
 * What a role may do with media. Agents publish any source; observers subscribe and are hidden; viewers only subscribe.
 */
export function mediaGrantsOf(
  role: RoomRole,
  roomType: string,
  features: Pick<RoomFeatures, 'screenShare'>,
): MediaGrants {
  const none = { publish: false, subscribe: true, data: false, hidden: false, agent: false };
  switch (role) {
    case 'host':
    case 'moderator':
    case 'participant':
      return { ...none, publish: true, data: true, sources: publishSourcesOf(roomType, features) };
    case 'agent':
      return { ...none, publish: true, data: true, agent: true };
    case 'observer':
      return { ...none, hidden: true };
    case 'viewer':
      return none;
  }
}
