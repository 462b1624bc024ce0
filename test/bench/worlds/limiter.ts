import { createLimitPorts } from '../../../durable-objects/stubs.ts';
import { systemClock } from '../../../src/kernel/core/index.ts';
import type { Limiter } from '../../../src/platform/http/index.ts';

export { OrgLimiter } from '../../../durable-objects/org-limiter.ts';

/** The limiter alone: decisions through leases, decisions by one object call each, and single takes for a storm. */
let limiter: Limiter | undefined;

const WINDOW_SECONDS = 3_600;
/** Object calls under way at once: as many requests as an isolate is busy with under load. */
const IN_FLIGHT = 64;

async function decideLeased(owner: string, limit: number, count: number, env: Env): Promise<number> {
  limiter ??= createLimitPorts(env.ORG_LIMITER, systemClock).limiter;
  let admitted = 0;
  for (let i = 0; i < count; i++) {
    const taken = limiter.take(
      { owner, subject: 'bench' },
      { name: 'bench', limit, windowSeconds: WINDOW_SECONDS },
    );
    if ((taken instanceof Promise ? await taken : taken).admitted) admitted++;
  }
  return admitted;
}

async function decideDirectly(owner: string, limit: number, count: number, env: Env): Promise<number> {
  const object = env.ORG_LIMITER.getByName(owner);
  const rule = { name: 'bench', limit, windowSeconds: WINDOW_SECONDS };
  const call = () => object.lease({ subject: 'bench', rule, waiters: 1, spent: 0, returned: 0, window: -1 });
  let admitted = 0;
  for (let done = 0; done < count; done += IN_FLIGHT) {
    const answers = await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, count - done) }, call));
    admitted += answers.filter(({ granted }) => granted > 0).length;
  }
  return admitted;
}

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const [owner, limit, count] = [
      searchParams.get('owner')!,
      Number(searchParams.get('limit')),
      Number(searchParams.get('count')),
    ];
    const decide = pathname === '/leased' ? decideLeased : decideDirectly;
    const admitted = await decide(owner, limit, count, env);
    return Response.json({ admitted }, { status: admitted === count ? 200 : 429 });
  },
} satisfies ExportedHandler<Env>;
