import { Hono } from 'hono';

/** The least a Hono Worker can do: what every authenticated answer is measured against. */
const app = new Hono();
app.get('/bare', (c) => c.json({ ok: true }));

export default app;
