import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { users } from '../../identity/users/users.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { id, utcTimestamp, updatedAt, version, enumColumn, enumCheck } from '../../kernel/db/index.ts';
import { rooms } from '../rooms/rooms.tables.ts';

/** When the votes are shown: at once, to who has voted, or once the poll is closed. Moderators see them all the time. */
export const RESULTS_SHOWN = ['always', 'after_vote', 'after_close'] as const;
export const POLL_STATUSES = ['open', 'closed'] as const;

export interface PollOption {
  /** Its place, from 1. */
  optionId: string;
  text: string;
}

const organizationId = () =>
  id('organization_id')
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' });

export const polls = pgTable(
  'polls',
  {
    id: id('id').primaryKey(),
    organizationId: organizationId(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    question: text('question').notNull(),
    options: jsonb('options').$type<PollOption[]>().notNull(),
    maxChoices: integer('max_choices').notNull(),
    anonymous: boolean('anonymous').notNull(),
    resultsShown: enumColumn('results_shown', RESULTS_SHOWN).notNull(),
    /** Whether a vote may be changed while the poll is open. */
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

/** One for each who voted; in an anonymous poll nothing here says who, or when. */
export const pollVotes = pgTable(
  'poll_votes',
  {
    organizationId: organizationId(),
    pollId: id('poll_id')
      .notNull()
      .references(() => polls.id, { onDelete: 'cascade' }),
    /** The identity; in an anonymous poll a keyed hash of poll and identity. */
    voter: text('voter').notNull(),
    /** Null in an anonymous poll. */
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** Ids of options. */
    choices: text('choices').array().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.pollId, t.voter] }),
    index('poll_votes_user_id_idx').on(t.userId),
    index('poll_votes_organization_id_idx').on(t.organizationId),
  ],
);
