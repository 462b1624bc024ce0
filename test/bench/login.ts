import { liftLimits, requestsPerSecond, serveProduct } from './product.ts';
import { runAlternating, median, type BenchRow } from './report.ts';

const ROUNDS = 5;
const CLIENTS = 4;

/** What other routes keep of their requests per second while people sign in without pause. */
export async function benchLogin(): Promise<BenchRow[]> {
  const product = await serveProduct();
  try {
    const { token, organizationId, email, password } = await product.signUp();
    await liftLimits(product, organizationId);
    const headers = { authorization: `Bearer ${token}` };
    const whoAmI = () => requestsPerSecond(`${product.url}/api/v1/auth/whoami`, headers);
    let logins = 0;
    let address = 0;
    const underLoad = async () => {
      const stop = new AbortController();
      const clients = Array.from({ length: CLIENTS }, async () => {
        while (!stop.signal.aborted) {
          // Each from an address of its own: what is measured is the hash, not the limit.
          const from = `10.${(++address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}`;
          const response = await fetch(`${product.url}/api/v1/auth/login`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'cf-connecting-ip': from },
            body: JSON.stringify({ email, password }),
          });
          await response.arrayBuffer();
          if (response.status === 200) logins++;
          else if (response.status !== 429 && response.status !== 503)
            throw new Error(`log-in answered ${response.status}`);
        }
      });
      const rate = await whoAmI();
      stop.abort();
      await Promise.all(clients);
      return rate;
    };
    await whoAmI();
    const { a, b, ratio } = await runAlternating(ROUNDS, underLoad, whoAmI);
    return [
      {
        what: `other routes while ${CLIENTS} clients log in without pause / without them`,
        measured: `${ratio.toFixed(2)} (${Math.round(median(a))} / ${Math.round(median(b))} requests/s; ${logins} log-ins)`,
        target: '≥ 0.80',
        holds: ratio >= 0.8 && logins > 0,
        figures: { underLoad: a, quiet: b, ratio, logins },
      },
    ];
  } finally {
    await product.stop();
  }
}
