import type { Ctx } from '../../src/kernel/context/index.ts';
import { openSocketCtx } from '../../src/realtime/sockets/index.ts';
import { moderationReviews } from '../../src/intelligence/moderation-reviews/moderation-reviews.tables.ts';
import { systemScope } from '../../src/kernel/context/index.ts';
import type { Person, TestApp } from './app.ts';

/** A review of a hidden message of somebody else. @returns its id */
export async function insertReview(
  app: TestApp,
  { organizationId }: Pick<Person, 'organizationId'>,
  { roomId, callId = null }: { roomId: string; callId?: string | null },
): Promise<string> {
  const { ids, clock, database } = app.services;
  const id = ids.create('moderationReview');
  const row = {
    id,
    organizationId,
    roomId,
    callId,
    subject: 'chat',
    subjectKey: `gst_ben ${id}`,
    messageId: ids.create('message'),
    identity: ids.create('guest'),
    name: 'Ben',
    text: 'You blockhead!',
    fileIds: [],
    action: 'hide',
    rule: 'Insults',
    phrase: 'blockhead',
    muted: false,
    state: 'open',
    measure: 'none',
    createdAt: new Date(clock.now()),
  } satisfies typeof moderationReviews.$inferInsert;
  await database.commit(systemScope, (q) => [q.insert(moderationReviews).values(row)]);
  return id;
}

/**
 * The request of a live room of the person's organization.
 * @param afterwards takes what runs after a commit: events are delivered once it has ended
 */
export const openSystemCtx = (
  app: TestApp,
  { organizationId }: Pick<Person, 'organizationId'>,
  afterwards: Promise<unknown>[],
): Ctx =>
  openSocketCtx(
    app.services,
    { kind: 'system', name: 'live-room', organizationId },
    (work) => void afterwards.push(work),
  );
