import {
  type RemoteParticipant,
  type RemoteTrack,
  type RemoteTrackPublication,
  type Room,
  RoomEvent,
  TrackKind,
  TrackSource,
  VideoStream,
} from '@livekit/rtc-node';
import { isListenedTo, isSpeechTrack } from './listened-to.ts';
import type { SharedScreens } from './shared-screens.ts';

interface TrackUses {
  screens: SharedScreens;
  listenTo: (track: RemoteTrack, participant: RemoteParticipant) => void;
  log: (line: string) => void;
}

const isScreen = ({ source, kind }: RemoteTrackPublication): boolean =>
  kind === TrackKind.KIND_VIDEO && source === TrackSource.SOURCE_SCREENSHARE;

/** What an agent subscribes to: the sound of people, shared screens while it may see them, and nothing else. */
export function useTracks(room: Room, { screens, listenTo, log }: TrackUses): void {
  room
    .on(RoomEvent.TrackPublished, (publication, participant) => subscribe(publication, participant, screens))
    .on(RoomEvent.TrackUnpublished, (publication) => screens.remove(publication))
    .on(RoomEvent.TrackUnsubscribed, (_track, publication) => screens.pause(publication))
    .on(RoomEvent.ParticipantDisconnected, ({ trackPublications }) => {
      for (const publication of trackPublications.values()) screens.remove(publication);
    })
    .on(RoomEvent.TrackSubscribed, (track, publication, participant) => {
      if (isSpeechTrack(publication)) listenTo(track, participant);
      else if (isScreen(publication))
        screens
          .watch(publication, new VideoStream(track))
          .catch((error: unknown) => log(`a shared screen ended: ${String(error)}`));
    });
}

/** What was published before the agent came. */
export function subscribeToPublished({ remoteParticipants }: Room, screens: SharedScreens): void {
  for (const participant of remoteParticipants.values())
    for (const publication of participant.trackPublications.values())
      subscribe(publication, participant, screens);
}

function subscribe(
  publication: RemoteTrackPublication,
  participant: RemoteParticipant,
  screens: SharedScreens,
): void {
  if (!isListenedTo(participant)) return;
  if (isSpeechTrack(publication)) publication.setSubscribed(true);
  else if (isScreen(publication)) screens.add(publication, participant.identity);
}
