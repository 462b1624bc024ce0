import type { Limiter } from '../src/platform/limits/index.ts';

/** The only file that knows how live objects are named. */
export function orgLimiter(namespace: Env['ORG_LIMITER']): Limiter {
  return {
    async take({ owner, subject }, rule) {
      const decision = await namespace
        .getByName(owner)
        .take(subject, rule.name, rule.limit, rule.windowSeconds);
      return { ...decision, rule };
    },
  };
}
