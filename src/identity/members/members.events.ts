import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { memberEventSchema } from './members.schemas.ts';

const MEMBER_EVENT_TYPES = ['member.added', 'member.reactivated'] as const;

/** Events without a subscriber. Later domains subscribe to the others. */
export const memberEvents: readonly Subscription[] = MEMBER_EVENT_TYPES.map((type) =>
  defineSubscription({ type, payload: memberEventSchema }),
);
