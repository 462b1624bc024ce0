import { expect } from 'vitest';
import { api } from './product.ts';

/** Makes a recording of the running product as old as if so many minutes had passed since it was stopped. */
export async function letMinutesPass(recordingId: string, minutes: number): Promise<void> {
  const query = `update recordings set state_at = state_at - make_interval(mins => $2::int),
    stop_requested_at = stop_requested_at - make_interval(mins => $2::int) where id = $1`;
  const answer = await fetch(`http://127.0.0.1:${Number(new URL(api).port) + 2}/sql`, {
    method: 'POST',
    body: JSON.stringify({ query, params: [recordingId, String(minutes)] }),
  });
  expect(await answer.json()).toMatchObject({ rowCount: 1 });
}

/** Has the running product do what it does each minute. */
export async function runScheduledTasks(): Promise<void> {
  const answer = await fetch(`${api}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`);
  expect(answer.status).toBe(200);
}
