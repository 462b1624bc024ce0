import { beforeAll, describe, expect, it } from 'vitest';
import {
  type DatabaseColumn,
  listColumns,
  declaredTables,
  type ForeignKey,
  listForeignKeys,
  listFullIndexes,
} from './catalog.ts';
import { ownerSql } from '../sql.ts';

let keys: ForeignKey[];
let columns: DatabaseColumn[];

beforeAll(async () => {
  [keys, columns] = [await listForeignKeys(), await listColumns()];
});

/** Columns that are named like a reference and are none, each for its reason. */
const NO_REFERENCE: Record<string, string> = {
  'thoughts.branch_id': 'a name that the caller gives to a branch',
  'thoughts.chain_id': 'a chain is its thoughts; it has no row of its own',
  'analytics_participations.room_id': 'goes with its call, which goes with the room',
  'ai_batches.provider_batch_id': 'names a batch of the provider',
  'ai_batch_requests.custom_id': 'an id that the caller gives to a request',
  'audit_chains.organization_id': 'the chain outlives its organization, as evidence',
  'audit_checkpoints.key_id': 'names a signing key of the configuration',
  'audit_checkpoints.organization_id': 'the chain outlives its organization, as evidence',
  'audit_logs.actor_id': 'a person, a key or the operator; outlives them all',
  'audit_logs.organization_id': 'the log outlives its organization, as evidence',
  'audit_logs.request_id': 'names a request, which is stored nowhere else',
  'audit_logs.target_id': 'names any kind of thing; outlives it',
  'billing_customers.checkout_id': 'names a checkout of the payment provider',
  'billing_customers.customer_id': 'names a customer of the payment provider',
  'billing_repairs.object_id': 'names something at the payment provider',
  'call_captions.asker_id': 'a user; taken out when that user is erased',
  'call_participants.link_id': 'seats of one link are counted; a deleted link changes nothing about them',
  'cost_lines.call_id': 'costs outlive the call',
  'chat_messages.reply_to_id': 'an answer outlives what it answers',
  'chat_messages.thread_id': 'a thread outlives the message that it began with',
  'moderation_reviews.message_id': 'a hidden message is not in the chat, and a deleted one may be reviewed',
  'moderation_reviews.posted_message_id': 'the live room orders messages, and stores them later',
  'moderation_reviews.reply_to_id': 'an answer outlives what it answers',
  'moderation_reviews.thread_id': 'a thread outlives the message that it began with',
  'credentials.account_id': "the person's name at the provider",
  'credentials.provider_id': 'the name of a provider, not a row',
  'memory_sources.source_id':
    'a message, a file, a recording, a memory or a person; the memory goes when it does',
  'operations.organization_id': 'the work of erasing an organization must outlive it',
  'outbox.organization_id': "an event of the organization's end must outlive it",
  'deliveries.organization_id': "a delivery of the organization's end must outlive it",
  'invoices.provider_invoice_id': 'names an invoice of the payment provider',
  'invoices.provider_subscription_id': 'names a subscription of the payment provider',
  'lobby_entries.call_id': 'compared with the open call only',
  'room_people.role_call_id': 'a role for one call; ends with it, whether or not the call is still stored',
  'overage_reports.customer_id': 'names a customer of the payment provider',
  'provider_events.customer_id': 'names a customer of the payment provider',
  'provider_events.invoice_id': 'names an invoice of the payment provider',
  'provider_events.subscription_id': 'names a subscription of the payment provider',
  'room_people.link_id': 'the link is of a room above; a person who came by a deleted link stays as they are',
  'send_sessions.last_recommendation_id': 'names its newest recommendation, which expires before the session',
  'sessions.organization_id':
    'which organization the session is in now; a person may lose it and stay signed in',
  'subscriptions.provider_subscription_id': 'names a subscription of the payment provider',
};

describe('a foreign key', () => {
  it('is there at all', () => {
    expect(keys).not.toEqual([]);
  });

  it('has an index that begins with its columns', async () => {
    const indexes = await listFullIndexes();
    const unindexed = keys.filter(
      (key) =>
        !indexes.some(
          (index) =>
            index.table === key.table &&
            index.columns.slice(0, key.columns.length).toSorted().join() === key.columns.toSorted().join(),
        ),
    );
    expect(unindexed.map(({ name }) => name)).toEqual([]);
  });

  it('says what happens when what it points at is deleted', () => {
    const withoutAction = keys.filter(({ onDelete }) => onDelete === 'a');
    expect(withoutAction.map(({ name }) => name)).toEqual([]);
  });

  it('stands behind every column named like one, or there is a reason', () => {
    const named = columns
      .filter(({ column }) => column.endsWith('_id'))
      .filter(({ table, column }) => !keys.some((key) => key.table === table && key.columns.includes(column)))
      .map(({ table, column }) => `${table}.${column}`);
    expect(named.toSorted()).toEqual(Object.keys(NO_REFERENCE).toSorted());
  });
});

describe('a vocabulary', () => {
  const vocabularies = declaredTables.flatMap(({ name, columns: declared }) =>
    declared.flatMap((column) =>
      column.enumValues?.length ? [[name, column.name, [...column.enumValues]] as const] : [],
    ),
  );

  it.each(vocabularies)('%s.%s takes its words and no other', async (table, column, words) => {
    const checks = await ownerSql<{ text: string }>(
      `select pg_get_constraintdef(k.oid) as text from pg_constraint k
       where k.contype = 'c' and k.conrelid = $1::regclass`,
      [table],
    );
    const columnChecks = checks
      .map(({ text }) => text)
      .filter((text) => new RegExp(`\\(\\(?"?${column}"? = ANY`).test(text));
    expect(columnChecks).toHaveLength(1);
    const checked = [...columnChecks[0]!.matchAll(/'([^']+)'::text/g)].map((match) => match[1]!);
    expect(checked.toSorted()).toEqual(words.toSorted());
  });
});

describe('a moment', () => {
  it('is stored with its time zone', () => {
    const withoutZone = columns.filter(
      ({ type }) => type.startsWith('timestamp') && !type.endsWith('with time zone'),
    );
    expect(withoutZone.map(({ table, column }) => `${table}.${column}`)).toEqual([]);
  });
});

describe('money', () => {
  it('is never a fraction', () => {
    const fractions = columns.filter(({ type }) => /^(real|double precision|money)/.test(type));
    expect(fractions.map(({ table, column }) => `${table}.${column}`)).toEqual([]);
  });
});
