import { defineInboxVerb, type InboxVerb } from '../inbox/index.ts';
import { answerRing } from './answer-ring.ts';
import type { RingAnswer } from './ringing.rules.ts';

const defineAnswer = (type: 'ring.accept' | 'ring.decline' | 'ring.cancel', answer: RingAnswer): InboxVerb =>
  defineInboxVerb({
    type,
    permission: 'calls:read',
    async handle(ctx, { ringId }, connectionId) {
      await answerRing(ctx, ringId, answer, connectionId);
      return undefined;
    },
  });

/** The ring frames of the inbox socket. */
export const ringFrames: readonly InboxVerb[] = [
  defineAnswer('ring.accept', 'accepted'),
  defineAnswer('ring.decline', 'declined'),
  defineAnswer('ring.cancel', 'cancelled'),
];
