import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { memberEventSchema } from './members.schemas.ts';

const MEMBER_EVENT_TYPES = ['member.added', 'member.reactivated'] as const;

/** Events that nobody acts on. On a change of role, a suspension and a removal the meetings do: `closing`. */
export const memberEvents: readonly Subscription[] = MEMBER_EVENT_TYPES.map((type) =>
  defineSubscription({ type, payload: memberEventSchema }),
);
