import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetHolds } from '../../../src/calls/included-use/forget-holds.ts';
import { createSpeechService } from '../../../src/intelligence/providers/speech-service/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { SpeechStandIn } from '../../support/ai/speech-stand-in.ts';
import { AiStandIn, STAND_IN_KEY } from '../../support/ai/stand-in.ts';
import { question } from '../../support/ai/stand-in-app.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let models: AiStandIn;
let speech: SpeechStandIn;
let person: Person;

beforeAll(async () => {
  models = await new AiStandIn().start();
  speech = new SpeechStandIn();
  await speech.start();
  app = createTestApp(
    { speech: createSpeechService({ url: speech.url, secret: speech.secret }) },
    { ANTHROPIC_API_KEY: STAND_IN_KEY, ANTHROPIC_API_URL: models.url },
  );
});
afterAll(() => Promise.all([models.stop(), speech.stop()]));
beforeEach(async () => {
  models.next.length = 0;
  models.requests.length = 0;
  models.gate = undefined;
  person = await app.person();
});

const ask = (fields: object = {}, { token } = person) =>
  app.send('POST', '/api/v1/ai/generations', { token, body: question(fields) });
const speak = (characters: number, { token } = person) =>
  app.send('POST', '/api/v1/ai/speech', { token, body: { text: 'a'.repeat(characters), voice: 'joe' } });
/** Uses so many tokens of output at once. */
async function useOutput(tokens: number): Promise<void> {
  models.next.push({ answer: { pieces: ['Hi'], usage: { input_tokens: 10, output_tokens: tokens } } });
  expect(await ask()).toMatchObject({ status: 200 });
}
const holds = () =>
  ownerSql('select meter, quantity::int from included_holds where organization_id = $1 order by meter', [
    person.organizationId,
  ]);
const isRefused = (limit: object) => ({
  status: 402,
  body: { code: 'billing.limit_reached', limit: { plans: '/api/v1/billing/plans', ...limit } },
});

describe('what a plan includes of AI', () => {
  it('is a hard limit on the free plan: the refusal says what is left, and nothing is asked', async () => {
    await useOutput(99_950);
    expect(await ask()).toMatchObject(
      isRefused({
        name: 'ai_output_tokens',
        plan: 'free',
        value: 100_000,
        used: 99_950,
        left: 50,
        remedy: 'larger_plan',
        upgradeUrl: expect.stringContaining('/billing'),
      }),
    );
    expect(models.requests).toHaveLength(1);
    expect(await ask({ maxOutputTokens: 50 })).toMatchObject({ status: 200 });
  });

  it('is more the next month, and with a credit', async () => {
    await useOutput(100_000);
    expect(await ask()).toMatchObject({ status: 402 });
    await app.send('POST', `/api/v1/operator/organizations/${person.organizationId}/entitlement-grants`, {
      token: app.operator,
      body: { kind: 'credit', name: 'ai_output_tokens', value: 1, reason: 'Test' },
    });
    expect(await ask()).toMatchObject({ status: 200 });
  });

  it('is held while a model answers, by the most that it can use, and then by what it used', async () => {
    await useOutput(99_850);
    let open!: () => void;
    models.gate = new Promise((resolve) => (open = resolve));
    const pending = ask();
    await expect.poll(() => models.open).toBe(1);
    expect(await holds()).toEqual([
      { meter: 'ai_input_tokens', quantity: expect.any(Number) },
      { meter: 'ai_output_tokens', quantity: 100 },
    ]);
    expect(await ask()).toMatchObject(isRefused({ name: 'ai_output_tokens', left: 50 }));
    models.gate = undefined;
    open();
    expect(await pending).toMatchObject({ status: 200 });
    expect(await holds()).toEqual([]);
    expect(await ask()).toMatchObject({ status: 200 });
  });

  it('is not touched by what is asked with a key of the organization', async () => {
    await useOutput(100_000);
    await app.send('PUT', '/api/v1/ai/provider-keys/anthropic', {
      token: person.token,
      body: { secret: STAND_IN_KEY },
    });
    expect(await ask()).toMatchObject({ status: 200, body: { ownKey: true } });
    const [row] = await ownerSql(
      `select quantity::int from included_uses where organization_id = $1 and meter = 'ai_output_tokens'`,
      [person.organizationId],
    );
    expect(row).toEqual({ quantity: 100_000 });
  });

  it('is never passed: of 200 requests at once for what is left for 50, 50 succeed', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => speak(400)));
    const byStatus = Map.groupBy(answers, ({ status }) => status);
    expect(byStatus.get(200)).toHaveLength(50);
    for (const refused of byStatus.get(402)!) expect(refused.body.code).toBe('billing.limit_reached');
    expect(byStatus.size).toBe(2);
  });

  it('is refused in a trial on every plan, and charged after it', async () => {
    person = await app.person({ plan: 'pro' });
    const setTrial = (end: string) =>
      ownerSql(`update organizations set trial_ends_at = ${end} where id = $1`, [person.organizationId]);
    await useOutput(1_000_000);
    expect(await ask()).toMatchObject({ status: 200 });
    await setTrial(`now() + interval '400 days'`);
    expect(await ask()).toMatchObject(
      isRefused({ name: 'ai_output_tokens', plan: 'pro', remedy: 'end_trial' }),
    );
    await setTrial('null');
    expect(await ask()).toMatchObject({ status: 200 });
  });

  it('stops at a spending limit that is spent, and only what is beyond the plan', async () => {
    person = await app.person({ plan: 'pro' });
    await ownerSql(
      `insert into minute_budgets (organization_id, month_starts_at, left_ms, counted_at, limit_micros, spent_micros)
       values ($1, date_trunc('month', $2::timestamptz, 'UTC'), 0, $2, 1000, 1000)`,
      [person.organizationId, new Date(app.clock.now()).toISOString()],
    );
    await useOutput(1_000_000);
    expect(await ask()).toMatchObject(isRefused({ name: 'spending', remedy: 'raise_limit' }));
    expect(await speak(10)).toMatchObject({ status: 200 });
  });

  it('counts what the meters count', async () => {
    models.next.push({
      answer: {
        pieces: ['Hi'],
        usage: {
          input_tokens: 1_000,
          output_tokens: 200,
          cache_read_input_tokens: 5_000,
          cache_creation_input_tokens: 300,
          hour_tokens: 100,
        },
      },
    });
    await ask();
    await ask();
    await speak(70);
    await app.send('POST', '/api/v1/ai/translations', {
      token: person.token,
      body: { to: 'es', text: 'Hello' },
    });
    await app.drain();
    const counted = await ownerSql(
      'select meter, quantity::int from included_uses where organization_id = $1 order by meter',
      [person.organizationId],
    );
    const recorded = await ownerSql(
      'select meter, sum(quantity)::int as quantity from usage_events where organization_id = $1 group by 1 order by 1',
      [person.organizationId],
    );
    expect(counted).toEqual(recorded);
    expect(counted.map(({ meter }) => meter)).toContain('ai_cache_write_hour_tokens');
  });

  it('forgets the hold of what was lost', async () => {
    await ownerSql(
      `insert into included_holds (organization_id, meter, holder, quantity, ends_at) values ($1, 'ai_output_tokens', 'gen_lost', 99990, $2)`,
      [person.organizationId, new Date(app.clock.now() + 60_000).toISOString()],
    );
    expect(await ask()).toMatchObject({ status: 402 });
    app.clock.advanceSeconds(61);
    expect(await ask()).toMatchObject({ status: 200 });
    await forgetHolds(app.services);
    expect(await holds()).toEqual([]);
  });
});
