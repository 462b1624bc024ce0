import { ParticipantKind, TrackKind, TrackSource } from '@livekit/rtc-node';

interface Participant {
  identity: string;
  attributes: Readonly<Record<string, string>>;
  info?: { kind?: ParticipantKind };
}

/** Agents, also those of the product that write without a call agent; and ingresses, whose sound is played to the call and asks for no answer. */
const NOT_PEOPLE = /^(?:agt|ing)_/;

/** Whether a participant is a person: agents ask each other nothing, aloud or in the chat, because two would talk without an end. */
export const isPerson = (identity: string): boolean => !NOT_PEOPLE.test(identity);

/** Whether an agent listens to a participant: to people and telephones, and to no agent, of this product or another. */
export const isListenedTo = ({ identity, attributes, info }: Participant): boolean =>
  isPerson(identity) && attributes.kind !== 'agent' && info?.kind !== ParticipantKind.AGENT;

/** Whether a track is what somebody says: the sound of a shared screen is not said by the person who shares it. */
export const isSpeechTrack = ({ kind, source }: { kind?: TrackKind; source?: TrackSource }): boolean =>
  kind === TrackKind.KIND_AUDIO && source !== TrackSource.SOURCE_SCREENSHARE_AUDIO;
