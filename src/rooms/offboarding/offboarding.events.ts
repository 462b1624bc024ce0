import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { disconnectFormerMember, scheduleSecondDisconnect } from './offboard-member.ts';
import { runOffboardingStep, startOrganizationOffboarding } from './offboard-organization.ts';
import { organizationOffboardingStepSchema } from './offboarding.schemas.ts';

const userId = idSchema('user');

const defineDeparture = (type: string) =>
  defineSubscription({
    type,
    payload: z.object({ userId }),
    async handle(ctx, payload) {
      await scheduleSecondDisconnect(ctx, payload);
      await disconnectFormerMember(ctx, payload);
    },
  });

export const offboardingSubscriptions: readonly Subscription[] = [
  defineDeparture('member.removed'),
  defineDeparture('member.suspended'),
  defineSubscription({
    type: 'member.gone',
    payload: z.strictObject({ userId }),
    handle: disconnectFormerMember,
  }),
  defineSubscription({
    type: 'organization.deleted',
    payload: z.strictObject({ organizationId: idSchema('organization') }),
    handle: startOrganizationOffboarding,
  }),
  defineSubscription({
    type: 'organization.closing',
    payload: organizationOffboardingStepSchema,
    handle: runOffboardingStep,
  }),
];
