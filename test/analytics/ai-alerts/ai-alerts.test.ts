import { beforeEach, describe, expect, it } from 'vitest';
import type { AiThreshold } from '../../../src/analytics/ai-alerts/ai-alerts.schemas.ts';
import { deleteOldAlerts, sweepAlerts } from '../../../src/analytics/ai-alerts/sweep-alerts.ts';
import { findAt } from '../../../src/analytics/ai-alerts/ai-alerts.rules.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { withFreshToken } from '../../support/tokens.ts';

const PATH = '/api/v1/ai/alerts';
const MODEL = 'claude-haiku-4-5';

let app: TestApp;
let owner: Person;
beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
});

const set = (thresholds: object[], { token } = owner) =>
  app.send('PUT', PATH, { token, body: { thresholds } });
/** A sweep evaluates organizations of other tests as well. */
const mailsTo = ({ email }: Person) => app.mailbox.mails.filter(({ to }) => to === email);
/** The alerts after a sweep, the newest first. */
async function sweep(): Promise<{ id: string; resolution: string | null }[]> {
  await sweepAlerts(app.services);
  await app.drain();
  return (await app.send('GET', PATH, { token: owner.token })).body.alerts;
}

interface Answers {
  status?: 'completed' | 'failed';
  feature?: string;
  firstOutputMs?: number;
}
/** Answers that were asked for now. */
async function answer(
  count: number,
  { status = 'completed', feature = 'api', firstOutputMs = 400 }: Answers = {},
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => app.services.ids.create('generation'));
  const now = new Date(app.clock.now());
  await ownerSql(
    `insert into ai_generations (id, organization_id, origin, status, provider, model, own_key, usage_state, input_tokens, output_tokens,
       cache_read_tokens, cache_write_tokens, cache_write_hour_tokens, first_output_ms, duration_ms, attempts, created_at, ended_at)
     select id, $2, $3, $4, 'anthropic', $5, false, 'none', 0, 0, 0, 0, 0, $6, 900, '[]', $7, $8 from unnest($1::text[]) id`,
    [
      ids,
      owner.organizationId,
      JSON.stringify({ feature }),
      status,
      MODEL,
      firstOutputMs,
      new Date(now.getTime() - 1_000),
      now,
    ],
  );
  return ids;
}
/** A thumb for each of the answers: 5 is up, 1 is down. */
const rate = (generationIds: readonly string[], rating: 1 | 5) =>
  ownerSql(
    `insert into ai_ratings (id, organization_id, answer, generation_id, owner, user_id, kind, rating, created_at, updated_at)
     select 'rat_' || substr(id, 5), $2, id, id, $3, $3, 'thumb', $4, $5, $5 from unnest($1::text[]) id`,
    [generationIds, owner.organizationId, owner.userId, rating, new Date(app.clock.now())],
  );

const failures = { kind: 'failure_share', threshold: 0.2 };

describe('an alert about answers', () => {
  it('is opened once when a threshold is passed, with a mail, and stays until the figure is well again', async () => {
    const { organizationId } = owner;
    const admin = await app.person({ role: 'admin', organizationId });
    const member = await app.person({ role: 'member', organizationId });
    expect(await set([failures])).toMatchObject({ status: 200, body: { alerts: [] } });
    await answer(6);
    await answer(3, { status: 'failed' });
    expect(await sweep()).toEqual([]); // nine answers say nothing
    await answer(1);
    const [alert] = await sweep();
    expect(alert).toMatchObject({
      kind: 'failure_share',
      value: 0.3,
      threshold: 0.2,
      resolved: false,
    });
    expect([mailsTo(owner), mailsTo(admin), mailsTo(member)].map(({ length }) => length)).toEqual([1, 1, 0]);
    expect(app.mailbox.latestTo(owner.email).text).toContain('30 %; the threshold of');
    await answer(6); // 19 %: below the threshold, and not a fifth of the way back
    expect(await sweep()).toMatchObject([{ id: alert!.id, resolved: false }]);
    await answer(3); // 16 %
    expect(await sweep()).toMatchObject([{ id: alert!.id, resolved: true, resolution: 'recovered' }]);
    expect(mailsTo(owner)).toHaveLength(1);
  });

  it('is about one model and one feature, where the threshold names them', async () => {
    await set([
      { ...failures, feature: 'agents' },
      { ...failures, model: 'claude-sonnet-5' },
      { kind: 'first_output_p95', threshold: 2, model: MODEL },
    ]);
    await answer(10, { status: 'failed' });
    await answer(10, { firstOutputMs: 2_000 });
    await answer(10, { feature: 'agents' });
    expect(await sweep()).toMatchObject([
      { kind: 'first_output_p95', model: MODEL, feature: null, value: 2 },
    ]);
  });

  it('about cost or ratings is about the last 24 hours, with costs as the buckets have them', async () => {
    await set([
      { kind: 'cost', threshold: 900, model: MODEL },
      { kind: 'cost', threshold: 901 },
      { kind: 'thumbs_up_share', threshold: 0.3, feature: 'agents' },
      { kind: 'mean_score', threshold: 3 },
    ]);
    const cost = (hoursAgo: number, micros: number) =>
      ownerSql(
        `insert into analytics_ai_buckets (organization_id, grain, starts_at, provider, model, feature, requests, completed, failed, cancelled,
           input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, first_output_histogram, first_output_ms, first_output_count,
           duration_histogram, duration_ms, duration_count, amount_micros, known, unknown)
         select $1, grain, starts_at, 'anthropic', $3, 'api', 1, 1, 0, 0, 0, 0, 0, 0, '', 0, 0, '', 0, 0, $4, 1, 0
         from (values ('hour', date_trunc('hour', $2::timestamptz, 'UTC')), ('quarter', date_bin('15 minutes', $2, 'epoch'))) b(grain, starts_at)`,
        [owner.organizationId, new Date(app.clock.now() - hoursAgo * 3_600_000), MODEL, micros],
      );
    await cost(0, 400);
    await cost(20, 500);
    await cost(25, 9_000);
    await rate(await answer(5, { feature: 'agents' }), 1);
    await rate(await answer(1), 5);
    app.clock.advanceSeconds(-25 * 3_600);
    const earlier = await answer(5, { feature: 'agents' });
    app.clock.advanceSeconds(25 * 3_600);
    await rate(earlier, 5);
    const alerts = await sweep();
    expect(alerts).toHaveLength(2);
    expect(alerts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'cost', model: MODEL, value: 900 }),
        expect.objectContaining({ kind: 'thumbs_up_share', feature: 'agents', value: 0 }),
      ]),
    );
  });

  it('is resolved when nothing is left to measure, and when its threshold is taken away', async () => {
    await set([failures]);
    await answer(10, { status: 'failed' });
    expect(await sweep()).toMatchObject([{ resolved: false }]);
    app.clock.advanceSeconds(2 * 3_600);
    owner = await withFreshToken(app, owner);
    expect(await sweep()).toMatchObject([{ resolution: 'no_answers' }]);
    await answer(10, { status: 'failed' });
    await sweep();
    await set([]);
    expect((await sweep()).map(({ resolution }) => resolution)).toEqual(['threshold_removed', 'no_answers']);
    app.clock.advanceSeconds(91 * 86_400);
    await deleteOldAlerts(app.services);
    expect(
      await ownerSql('select from ai_alerts where organization_id = $1', [owner.organizationId]),
    ).toEqual([]);
  });

  it('is mailed at most five times a day, and not opened for a deleted organization', async () => {
    const features = ['api', 'agents', 'summaries', 'teams', 'workflows', 'moderation'];
    await set(features.map((feature) => ({ ...failures, feature })));
    for (const feature of features) await answer(10, { status: 'failed', feature });
    expect(await sweep()).toHaveLength(6);
    expect(mailsTo(owner)).toHaveLength(5);
    await ownerSql('delete from ai_alerts where organization_id = $1', [owner.organizationId]);
    await ownerSql('update organizations set deleted_at = created_at where id = $1', [owner.organizationId]);
    await sweepAlerts(app.services);
    expect(
      await ownerSql('select from ai_alerts where organization_id = $1', [owner.organizationId]),
    ).toEqual([]);
  });
});

describe('thresholds', () => {
  it('fit their kind, are there once, and are set and read in their organization by those with the permission', async () => {
    const refused = await set([failures, failures, { kind: 'cost', threshold: 0.5 }]);
    expect(refused).toMatchObject({
      status: 400,
      body: {
        errors: [
          { pointer: '/thresholds/1', message: 'is there twice' },
          { pointer: '/thresholds/2/threshold', message: 'must be from 1 to 1000000000000' },
        ],
      },
    });
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    expect((await set([], member)).status).toBe(403);
    await set([failures]);
    const { token } = await app.person();
    expect((await app.send('GET', PATH, { token })).body).toEqual({ thresholds: [], alerts: [] });
  });

  it.each<[AiThreshold['kind'], number, object, string]>([
    ['failure_share', 0.2, { completed: 8, failed: 2 }, 'reached'],
    ['failure_share', 0.2, { completed: 84, failed: 16 }, 'recovered'],
    ['failure_share', 0.2, { failed: 9 }, 'between'],
    ['duration_p95', 10, { completed: 10, durationP95Ms: 10_000 }, 'reached'],
    ['duration_p95', 10, { completed: 10, durationP95Ms: 8_001 }, 'between'],
    ['thumbs_up_share', 0.5, { thumbs: 6, thumbsUp: 3 }, 'reached'],
    ['thumbs_up_share', 0.5, { thumbs: 11, thumbsUp: 6 }, 'between'],
    ['thumbs_up_share', 0.5, { thumbs: 5, thumbsUp: 3 }, 'recovered'],
    ['mean_score', 3, { scores: 5, scoreSum: 15 }, 'reached'],
    ['mean_score', 3, { scores: 5, scoreSum: 17 }, 'recovered'],
    ['mean_score', 3, {}, 'no_answers'],
    ['cost', 1_000, { requests: 1, costMicros: '1000' }, 'reached'],
    ['cost', 1_000, { requests: 1, costMicros: '801' }, 'between'],
    ['cost', 1_000, { requests: 1 }, 'recovered'],
  ])('%s at %d of %o is %s', (kind, threshold, figures, state) => {
    const none = {
      completed: 0,
      failed: 0,
      firstP95Ms: null,
      durationP95Ms: null,
      thumbs: 0,
      thumbsUp: 0,
      scores: 0,
      scoreSum: 0,
      requests: 0,
      costMicros: '0',
    };
    expect(findAt({ kind, threshold, model: null, feature: null }, { ...none, ...figures }).state).toBe(
      state,
    );
  });
});
