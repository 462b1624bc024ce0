/** The part of a response that the database driver reads. */
interface DriverResponse extends Pick<Response, 'ok' | 'status'> {
  json(): Promise<unknown>;
  text(): Promise<string>;
}

/**
 * Fetches, and reads the body, within a time limit. The timer ends with the body: one that is left behind, as
 * `AbortSignal.timeout` leaves it, keeps a Durable Object from hibernating for the rest of the limit.
 * @throws what `fetch` throws, or a `TimeoutError`
 */
export async function fetchWithin(limitMs: number, url: string, init: RequestInit): Promise<DriverResponse> {
  const controller = new AbortController();
  const expire = () => controller.abort(new DOMException(`no answer in ${limitMs} ms`, 'TimeoutError'));
  const timer = setTimeout(expire, limitMs);
  const end = () => clearTimeout(timer);
  try {
    const response = await fetch(url, { ...init, signal: controller.signal });
    return {
      ok: response.ok,
      status: response.status,
      json: () => response.json().finally(end),
      text: () => response.text().finally(end),
    };
  } catch (error) {
    end();
    throw error;
  }
}
