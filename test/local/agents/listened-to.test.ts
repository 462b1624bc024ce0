import { ParticipantKind, TrackKind, TrackSource } from '@livekit/rtc-node';
import { expect, it } from 'vitest';
import { isListenedTo, isPerson, isSpeechTrack } from '../../../workers/agents/listened-to.ts';

it('an agent listens to people and telephones, and not to agents, of which two would talk without an end, or to ingresses', () => {
  const info = { kind: ParticipantKind.STANDARD };
  const ada = { identity: 'usr_ada', attributes: { kind: 'user', role: 'host' }, info };
  expect(isListenedTo(ada)).toBe(true);
  expect(isListenedTo({ ...ada, attributes: {} })).toBe(true);
  expect(
    isListenedTo({ identity: 'sip_+4930123', attributes: {}, info: { kind: ParticipantKind.SIP } }),
  ).toBe(true);
  expect(isListenedTo({ identity: 'ing_1', attributes: {}, info: { kind: ParticipantKind.INGRESS } })).toBe(
    false,
  );
  // As the product signs the tokens of its agents.
  expect(isListenedTo({ ...ada, attributes: { kind: 'agent', role: 'agent' } })).toBe(false);
  expect(isListenedTo({ ...ada, info: { kind: ParticipantKind.AGENT } })).toBe(false);
});

it('agents and the product itself ask an agent nothing in the chat', () => {
  const all = ['usr_1', 'gst_1', 'ext_ada', 'agt_1', 'agt_~workflow', 'agt_~answers'];
  expect(all.filter(isPerson)).toEqual(['usr_1', 'gst_1', 'ext_ada']);
});

it('an agent does not take the sound of a shared screen for what the person says who shares it', () => {
  const kind = TrackKind.KIND_AUDIO;
  expect(isSpeechTrack({ kind, source: TrackSource.SOURCE_MICROPHONE })).toBe(true);
  expect(isSpeechTrack({ kind, source: TrackSource.SOURCE_UNKNOWN })).toBe(true);
  expect(isSpeechTrack({ kind, source: TrackSource.SOURCE_SCREENSHARE_AUDIO })).toBe(false);
  expect(isSpeechTrack({ kind: TrackKind.KIND_VIDEO, source: TrackSource.SOURCE_CAMERA })).toBe(false);
});
