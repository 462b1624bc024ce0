import type { Room, RoomFeatures } from '../rooms/index.ts';

/** The switches of a link, each of which may take a feature of the room from those who join through it. */
export interface LinkFeatureSwitches {
  enableRecording: boolean;
  enableScreenShare: boolean;
  enableChat: boolean;
}

export type DisabledFeatures = Partial<Record<keyof RoomFeatures, true>>;

/** The features that a link takes away; none without a link. */
export function disabledFeaturesOf(switches: LinkFeatureSwitches | null): DisabledFeatures {
  if (!switches) return {};
  return {
    ...(switches.enableRecording ? {} : { recording: true as const }),
    ...(switches.enableScreenShare ? {} : { screenShare: true as const }),
    ...(switches.enableChat ? {} : { chat: true as const }),
  };
}

/** The features a person may use: those of the room without the disabled ones. */
export function allowedFeatures(room: Pick<Room, 'features'>, disabled: DisabledFeatures): RoomFeatures {
  const isAllowed = (feature: keyof RoomFeatures) => room.features[feature] && !disabled[feature];
  return {
    recording: isAllowed('recording'),
    screenShare: isAllowed('screenShare'),
    chat: isAllowed('chat'),
    files: isAllowed('files'),
    captions: isAllowed('captions'),
  };
}
