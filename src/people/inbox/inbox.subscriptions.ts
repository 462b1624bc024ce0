import { memberRemoved, memberRoleChanged, memberSuspended } from '../../identity/members/index.ts';
import { sessionEnded } from '../../identity/sessions/index.ts';
import { accountSecured, passwordChanged } from '../../identity/users/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { recheckInboxesOfUser, recheckInboxOfMember } from './recheck-inboxes.ts';

const prompt = { prompt: true } as const;

export const inboxSubscriptions: readonly Subscription[] = [
  subscribe(
    [sessionEnded, passwordChanged, accountSecured],
    'inbox.recheck-sessions',
    recheckInboxesOfUser,
    prompt,
  ),
  subscribe(
    [memberRemoved, memberSuspended, memberRoleChanged],
    'inbox.recheck-membership',
    recheckInboxOfMember,
    prompt,
  ),
];
