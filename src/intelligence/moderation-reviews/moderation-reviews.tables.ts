import { sql } from 'drizzle-orm';
import { boolean, check, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { calls } from '../../calls/calls/calls.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp, version } from '../../kernel/db/index.ts';
import { REVIEW_STATES, REVIEW_SUBJECTS } from '../../realtime/protocol/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { MODERATION_CATEGORIES, SEVERITIES } from '../moderation-policies/index.ts';
import { MEASURES, REVIEW_ACTIONS, REVIEW_SOURCES } from './moderation-reviews.enums.ts';

export const moderationReviews = pgTable(
  'moderation_reviews',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    callId: id('call_id').references(() => calls.id, { onDelete: 'cascade' }),
    subject: enumColumn('subject', REVIEW_SUBJECTS).notNull(),
    /** Identifies the subject in its state, so that the same words of the same message are reviewed once. */
    subjectKey: text('subject_key').notNull(),
    /** The message, which may not be in the chat. Null for a caption. */
    messageId: id('message_id'),
    identity: text('identity').notNull(),
    /** The author, if they are a user. */
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** The words. Empty once the review is withdrawn. */
    text: text('text').notNull(),
    threadId: id('thread_id'),
    replyToId: id('reply_to_id'),
    fileIds: jsonb('file_ids').$type<readonly string[]>().notNull(),
    action: enumColumn('action', REVIEW_ACTIONS).notNull(),
    source: enumColumn('source', REVIEW_SOURCES).notNull().default('words'),
    /** Name of the rule at that time; empty when no rule found it. */
    rule: text('rule').notNull(),
    /** The matching words. */
    phrase: text('phrase').notNull(),
    /** The finding of a model. */
    category: enumColumn('category', MODERATION_CATEGORIES),
    severity: enumColumn('severity', SEVERITIES),
    /** Whether its author was muted at once. */
    muted: boolean('muted').notNull(),
    state: enumColumn('state', REVIEW_STATES).notNull(),
    measure: enumColumn('measure', MEASURES).notNull(),
    note: text('note'),
    /** The id with which it was posted when it was approved. */
    postedMessageId: id('posted_message_id'),
    /** The user who decided; null for API keys, which the audit log names. */
    decidedBy: id('decided_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    decidedAt: utcTimestamp('decided_at'),
    version: version(),
  },
  (t) => [
    index('moderation_reviews_organization_id_idx').on(t.organizationId, t.id),
    index('moderation_reviews_room_id_idx').on(t.roomId, t.id),
    index('moderation_reviews_open_idx')
      .on(t.roomId, t.identity)
      .where(sql`${t.decidedAt} is null`),
    uniqueIndex('moderation_reviews_subject_key').on(t.roomId, t.subjectKey),
    index('moderation_reviews_captions_idx')
      .on(t.subjectKey)
      .where(sql`${t.subject} = 'caption' and ${t.state} in ('open', 'approved') and ${t.text} <> ''`),
    index('moderation_reviews_message_id_idx').on(t.messageId),
    uniqueIndex('moderation_reviews_posted_message_id_idx').on(t.postedMessageId),
    index('moderation_reviews_call_id_idx').on(t.callId, t.id),
    index('moderation_reviews_user_id_idx').on(t.userId),
    // Guests have no user id; a user is also found by the identity.
    index('moderation_reviews_identity_idx').on(t.identity),
    index('moderation_reviews_decided_by_idx').on(t.decidedBy),
    index('moderation_reviews_decided_at_idx').on(t.decidedAt),
    enumCheck('moderation_reviews_subject_check', t.subject, REVIEW_SUBJECTS),
    enumCheck('moderation_reviews_action_check', t.action, REVIEW_ACTIONS),
    enumCheck('moderation_reviews_source_check', t.source, REVIEW_SOURCES),
    enumCheck('moderation_reviews_category_check', t.category, MODERATION_CATEGORIES),
    enumCheck('moderation_reviews_severity_check', t.severity, SEVERITIES),
    check(
      'moderation_reviews_model_check',
      sql`(${t.source} = 'model') = (${t.category} is not null and ${t.severity} is not null)`,
    ),
    enumCheck('moderation_reviews_state_check', t.state, REVIEW_STATES),
    enumCheck('moderation_reviews_measure_check', t.measure, MEASURES),
    check('moderation_reviews_decided_check', sql`(${t.state} = 'open') = (${t.decidedAt} is null)`),
  ],
);

export type ModerationReview = typeof moderationReviews.$inferSelect;
