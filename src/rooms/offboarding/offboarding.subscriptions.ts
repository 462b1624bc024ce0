import { apiKeyRevoked, apiKeyUpdated } from '../../identity/api-keys/index.ts';
import { memberRemoved, memberSuspended } from '../../identity/members/index.ts';
import { organizationDeleted } from '../../identity/organizations/index.ts';
import { sessionEnded } from '../../identity/sessions/index.ts';
import { accountSecured, emailVerified, passwordChanged } from '../../identity/users/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import {
  disconnectApiKey,
  disconnectCredentialsAgain,
  disconnectCredentialsOfUser,
  scheduleSecondRun,
} from './disconnect-credential.ts';
import { disconnectNarrowedKey } from './disconnect-narrowed-key.ts';
import { disconnectFormerMember, scheduleSecondDisconnect } from './offboard-member.ts';
import { runOffboardingStep, startOrganizationOffboarding } from './offboard-organization.ts';
import { credentialsGone, memberGone, organizationClosing } from './offboarding.events.ts';

const prompt = { prompt: true } as const;
/** A new password ends sessions; the first proof of an address ends the API keys made before; securing an account ends both. */
const credentialsOfUserEnded = [sessionEnded, passwordChanged, emailVerified, accountSecured];

export const offboardingSubscriptions: readonly Subscription[] = [
  subscribe(
    [memberRemoved, memberSuspended],
    'offboarding.disconnect-member',
    disconnectFormerMember,
    prompt,
  ),
  subscribe(
    [memberRemoved, memberSuspended],
    'offboarding.schedule-second-disconnect',
    scheduleSecondDisconnect,
  ),
  subscribe(memberGone, 'offboarding.disconnect-former-member', disconnectFormerMember),
  subscribe(
    credentialsOfUserEnded,
    'offboarding.disconnect-credentials',
    disconnectCredentialsOfUser,
    prompt,
  ),
  subscribe(apiKeyRevoked, 'offboarding.disconnect-api-key', disconnectApiKey, prompt),
  subscribe(apiKeyUpdated, 'offboarding.disconnect-narrowed-key', disconnectNarrowedKey, prompt),
  subscribe(credentialsOfUserEnded, 'offboarding.schedule-second-run', scheduleSecondRun),
  subscribe(apiKeyRevoked, 'offboarding.schedule-second-run-of-key', scheduleSecondRun),
  subscribe(credentialsGone, 'offboarding.disconnect-credentials-again', disconnectCredentialsAgain),
  subscribe(organizationDeleted, 'offboarding.start-organization', startOrganizationOffboarding, prompt),
  subscribe(organizationClosing, 'offboarding.run-step', runOffboardingStep, prompt),
];
