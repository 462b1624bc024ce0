import { memberRemoved, memberSuspended } from '../../identity/members/index.ts';
import { organizationDeleted } from '../../identity/organizations/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { disconnectFormerMember, scheduleSecondDisconnect } from './offboard-member.ts';
import { runOffboardingStep, startOrganizationOffboarding } from './offboard-organization.ts';
import { memberGone, organizationClosing } from './offboarding.events.ts';

export const offboardingSubscriptions: readonly Subscription[] = [
  subscribe([memberRemoved, memberSuspended], 'offboarding.disconnect-member', disconnectFormerMember),
  subscribe(
    [memberRemoved, memberSuspended],
    'offboarding.schedule-second-disconnect',
    scheduleSecondDisconnect,
  ),
  subscribe(memberGone, 'offboarding.disconnect-former-member', disconnectFormerMember),
  subscribe(organizationDeleted, 'offboarding.start-organization', startOrganizationOffboarding),
  subscribe(organizationClosing, 'offboarding.run-step', runOffboardingStep),
];
