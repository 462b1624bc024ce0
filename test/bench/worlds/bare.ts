import { Hono } from 'hono';

/** The least that answers the same JSON: what every authenticated answer is measured against. */
const app = new Hono();
app.get('/bare', (c) =>
  c.json({
    kind: 'user',
    id: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
    organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe',
    role: 'owner',
    plan: 'free',
    permissions: ['*:*'],
  }),
);

export default app;
