import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { users } from '../../identity/users/users.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { id, utcTimestamp, updatedAt, version, enumColumn, enumCheck } from '../../kernel/db/index.ts';
import { rooms } from '../rooms/rooms.tables.ts';

/** When results show: always, to those who have voted, or once the poll is closed. Moderators always see them. */
export const RESULTS_SHOWN = ['always', 'after_vote', 'after_close'] as const;
export const POLL_STATUSES = ['open', 'closed'] as const;

export interface PollOption {
  /** Its number in the poll, from 1. */
  optionId: string;
  text: string;
}

export const polls = pgTable(
  'polls',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    question: text('question').notNull(),
    options: jsonb('options').$type<PollOption[]>().notNull(),
    maxChoices: integer('max_choices').notNull(),
    anonymous: boolean('anonymous').notNull(),
    resultsShown: enumColumn('results_shown', RESULTS_SHOWN).notNull(),
    /** Whether votes can be changed while the poll is open. */
    changeable: boolean('changeable').notNull(),
    status: enumColumn('status', POLL_STATUSES).notNull().default('open'),
    openedBy: text('opened_by').notNull(),
    openedAt: utcTimestamp('opened_at').notNull(),
    closedAt: utcTimestamp('closed_at'),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('polls_room_id_idx').on(t.roomId, t.id),
    index('polls_organization_id_idx').on(t.organizationId),
    enumCheck('polls_results_shown_check', t.resultsShown, RESULTS_SHOWN),
    enumCheck('polls_status_check', t.status, POLL_STATUSES),
  ],
);

/** One row per voter. In an anonymous poll nothing in it identifies the voter or the time. */
export const pollVotes = pgTable(
  'poll_votes',
  {
    organizationId: tenant(),
    pollId: id('poll_id')
      .notNull()
      .references(() => polls.id, { onDelete: 'cascade' }),
    /** An identity; in an anonymous poll a keyed hash of identity and poll. */
    voter: text('voter').notNull(),
    /** Null in an anonymous poll. */
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** Option ids. */
    choices: text('choices').array().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.pollId, t.voter] }),
    index('poll_votes_user_id_idx').on(t.userId),
    index('poll_votes_organization_id_idx').on(t.organizationId),
  ],
);
