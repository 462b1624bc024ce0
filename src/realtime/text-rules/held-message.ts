import type { CallerKind } from '../protocol/index.ts';

/** A message that a rule keeps from being shown until somebody has reviewed it. */
export interface HeldMessage {
  messageId: string;
  /** The frame that it came in: sent again, it is the same message. */
  frameId: string;
  callId: string | null;
  identity: string;
  kind: CallerKind;
  name: string;
  text: string;
  threadId: string | null;
  replyTo: string | null;
  fileIds: readonly string[];
  rule: string;
  /** The words that the rule has found. */
  phrase: string;
  /** The author's place in the call, if the rule mutes them and they have one. */
  muteParticipantId: string | null;
}
