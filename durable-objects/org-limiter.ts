import { DurableObject } from 'cloudflare:workers';

/** Counts admissions of one organization. */
export class OrgLimiter extends DurableObject<Env> {
  /** Admits at most `limit` in each window of the clock. */
  async take(
    subject: string,
    name: string,
    limit: number,
    windowSeconds: number,
  ): Promise<{ admitted: boolean; remaining: number; resetSeconds: number }> {
    const now = Date.now();
    const window = Math.floor(now / (windowSeconds * 1000));
    const key = `${name}:${subject}`;
    const stored = await this.ctx.storage.get<{ window: number; used: number }>(key);
    const used = stored?.window === window ? stored.used : 0;
    const admitted = used < limit;
    if (admitted) await this.ctx.storage.put(key, { window, used: used + 1 });
    return {
      admitted,
      remaining: Math.max(0, limit - used - 1),
      resetSeconds: Math.ceil(((window + 1) * windowSeconds * 1000 - now) / 1000),
    };
  }
}
