import { TrackKind, TrackSource } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { isSpeechTrack } from '../../../workers/captions/speech-track.rules.ts';

const microphone = { kind: TrackKind.KIND_AUDIO, source: TrackSource.SOURCE_MICROPHONE };

it('captions are written of people, telephones and ingresses, and not of agents or recorders', () => {
  const all = ['usr_1', 'gst_1', 'ext_ada', 'phc_1', 'sip_+49301', 'ing_1', 'agt_1', 'EG_1'];
  expect(all.filter((identity) => isSpeechTrack(microphone, identity))).toEqual(all.slice(0, 6));
});

it('captions are not written of the sound of a shared screen, or of pictures', () => {
  expect(isSpeechTrack({ ...microphone, source: TrackSource.SOURCE_UNKNOWN }, 'phc_1')).toBe(true);
  expect(isSpeechTrack({ ...microphone, source: TrackSource.SOURCE_SCREENSHARE_AUDIO }, 'usr_1')).toBe(false);
  expect(isSpeechTrack({ ...microphone, kind: TrackKind.KIND_VIDEO }, 'usr_1')).toBe(false);
});
