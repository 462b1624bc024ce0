import { env } from 'cloudflare:workers';
import { expect, inject, it } from 'vitest';

it('admits no more than the limit', async () => {
  const limiter = env.ORG_LIMITER.getByName('org_test');
  const decisions = await Promise.all(Array.from({ length: 20 }, () => limiter.take('usr', 'api', 5, 3600)));
  expect(decisions.filter((decision) => decision.admitted)).toHaveLength(5);
  expect(inject('databaseEndpoint')).toMatch(/^http/);
  const r = await fetch(`${inject('databaseEndpoint')}/sql`, {
    method: 'POST',
    body: JSON.stringify({ query: 'select 1 as a', params: [] }),
  });
  expect(await r.json()).toMatchObject({ rows: [['1']] });
});
