import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { fileErrors } from '../../media/files/index.ts';
import { recordingErrors } from '../../media/recordings/index.ts';
import { chatErrors } from '../../messaging/chat/index.ts';
import { created, defineRoute, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../../rooms/access/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { agentErrors } from '../agents/index.ts';
import { transcriptErrors } from '../transcripts/index.ts';
import { memoryErrors, memoryExample, presentMemory } from '../memory/index.ts';
import { storedMemoriesSchema, storeMemoriesSchema } from './memory-storing.schemas.ts';
import { storeMemories } from './store-memories.ts';

const path = '/api/v1/ai/memories';

export const memoryStoringRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path,
    operationId: 'storeMemories',
    tag: 'Memory',
    summary: 'Store memories',
    description:
      'Stores memories for the current user alone, for an agent or a room that they may see, or for the ' +
      'organization, which needs `memories:manage`. A text that exists already ' +
      'gets a further source. A memory is never visible to more people than its source. A moderator can ' +
      'store contents of a room for that room; other people only for themselves. A memory is found by ' +
      'its words at once. If an embedding model is configured, it is found by its meaning within ' +
      'seconds.',
    access: { kind: 'permission', permission: 'memories:write' },
    limit: 'memory',
    body: {
      schema: storeMemoriesSchema,
      example: { scope: 'organization', memories: [{ content: 'The weekly review is on Monday at nine.' }] },
    },
    idempotent: true,
    success: {
      201: {
        description: 'The memories',
        schema: storedMemoriesSchema,
        example: { data: [memoryExample] },
      },
    },
    errors: [
      memoryErrors.switchedOff,
      memoryErrors.sourceNotFound,
      memoryErrors.widerAudience,
      memoryErrors.expiryInPast,
      memoryErrors.exists,
      entitlementErrors.limitReached,
      entitlementErrors.featureNotIncluded,
      agentErrors.notFound,
      roomErrors.notFound,
      accessErrors.removed,
      accessErrors.denied,
      moderatorErrors.notModerator,
      chatErrors.notAllowed,
      recordingErrors.notFound,
      transcriptErrors.notFound,
      fileErrors.notFound,
      fileErrors.infected,
      fileErrors.scanPending,
      fileErrors.notScannable,
    ],
    handle: (ctx, { body }) => storeMemories(ctx, body),
    respond: (stored) => created({ data: stored.map(presentMemory) }, path),
  }),
];
