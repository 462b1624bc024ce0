import { ParticipantKind } from '@livekit/rtc-node';

interface Participant {
  attributes: Readonly<Record<string, string>>;
  info?: { kind?: ParticipantKind };
}

/** Whether an agent listens to a participant: to no other agent, of this product or another, because two would talk without an end. */
export const isListenedTo = ({ attributes, info }: Participant): boolean =>
  attributes.kind !== 'agent' && info?.kind !== ParticipantKind.AGENT;
