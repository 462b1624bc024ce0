import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { organizationOffboardingStepSchema } from './offboarding.schemas.ts';

export const memberGone = defineEvent({
  type: 'member.gone',
  description: "A former member's access tokens have expired.",
  payload: z.object({ userId: idSchema('user').describe('Id of the user.') }),
  example: { userId: exampleId('user') },
  key: ({ userId }) => `${userId}:gone`,
  internal: true,
});

/** A user, whose sessions or API keys have ended, or one API key. */
export type EndedCredentials = { userId: string } | { apiKeyId: string };

const endedSince = { sinceMs: z.number().int() };

export const credentialsGone = defineEvent({
  type: 'credentials.gone',
  description: 'Requests that were under way when sessions or API keys ended are over.',
  payload: z.union([
    z.object({ userId: idSchema('user'), ...endedSince }),
    z.object({ apiKeyId: idSchema('apiKey'), ...endedSince }),
  ]),
  example: { userId: exampleId('user'), sinceMs: 1_767_605_400_000 },
  key: (payload) => `${'userId' in payload ? payload.userId : payload.apiKeyId}:credentials`,
  internal: true,
});

export const organizationClosing = defineEvent({
  type: 'organization.closing',
  description: 'One step of the work that follows the deletion of an organization.',
  payload: organizationOffboardingStepSchema,
  example: { part: 'rooms', run: 'first', after: null },
  key: ({ run, part, after }) => `${run}:${part}:${after ?? ''}`,
  internal: true,
});

export const offboardingEvents = [memberGone, credentialsGone, organizationClosing];
