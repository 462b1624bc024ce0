import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalServer } from '../../workers/local/listen.ts';
import { serveMailCatcher } from '../../workers/local/mail/mail-catcher.ts';

let catcher: LocalServer;

beforeEach(async () => {
  catcher = await serveMailCatcher({ port: 0, apiKey: 'the-key' });
});
afterEach(() => catcher.close());

const mail = {
  from: 'AuraLink <a@b.test>',
  to: 'Ann@b.test',
  subject: 'Hello',
  text: 'Hi',
  html: '<p>Hi</p>',
};

function send(body: object = mail, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${catcher.url}/emails`, {
    method: 'POST',
    headers: { authorization: 'Bearer the-key', ...headers },
    body: JSON.stringify(body),
  });
}

/** An answer of the catcher, of any shape. */
async function readJson<T>(response: Promise<Response>): Promise<T> {
  return (await response).json();
}

async function listMails(query = ''): Promise<{ id: string; subject: string }[]> {
  const { data } = await readJson<{ data: { id: string; subject: string }[] }>(
    fetch(`${catcher.url}/mails${query}`),
  );
  return data;
}

function setBehaviours(...next: object[]): Promise<Response> {
  return fetch(`${catcher.url}/behaviour`, { method: 'POST', body: JSON.stringify({ next }) });
}

describe('the mail catcher', () => {
  it('lists mails newest first, all or those to one address in any letter case', async () => {
    await send();
    await send({ ...mail, to: ['bob@b.test'], subject: 'Second' });
    expect((await listMails()).map(({ subject }) => subject)).toEqual(['Second', 'Hello']);
    expect((await listMails('?to=ann@B.test')).map(({ subject }) => subject)).toEqual(['Hello']);
  });

  it('returns a mail by its id, and deletes all mails on request', async () => {
    const { id } = await readJson<{ id: string }>(send());
    expect(await (await fetch(`${catcher.url}/mails/${id}`)).json()).toMatchObject({ subject: 'Hello', id });
    await fetch(`${catcher.url}/mails`, { method: 'DELETE' });
    expect((await fetch(`${catcher.url}/mails/${id}`)).status).toBe(404);
  });

  it('accepts a mail once for each idempotency key', async () => {
    const first = await (await send(mail, { 'idempotency-key': 'evt_1' })).json();
    expect(await (await send(mail, { 'idempotency-key': 'evt_1' })).json()).toEqual(first);
    expect(await listMails()).toHaveLength(1);
  });

  it('rejects a wrong key and an invalid mail', async () => {
    expect((await send(mail, { authorization: 'Bearer other' })).status).toBe(401);
    expect((await send({ subject: 'without a recipient' })).status).toBe(422);
    expect(await listMails()).toHaveLength(0);
  });

  it('waits for the first mail to an address', async () => {
    const waiting = listMails('?to=ann@b.test&wait=10');
    await send();
    expect(await waiting).toHaveLength(1);
  });

  it('refuses, disconnects or delays on request, once each, and works normally afterwards', async () => {
    await setBehaviours({ status: 503 }, { drop: true }, { delayMs: 20 });
    expect((await send()).status).toBe(503);
    await expect(send()).rejects.toThrow();
    expect((await send()).status).toBe(200);
    expect((await send()).status).toBe(200);
    expect(await listMails()).toHaveLength(2);
  });

  it('shows mails on a page, with their content escaped', async () => {
    await send({ ...mail, subject: '<script>alert(1)</script>', text: 'see https://b.test/x' });
    const page = await (await fetch(catcher.url)).text();
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script>');
    expect(page).toContain('<a href="https://b.test/x">');
  });
});
