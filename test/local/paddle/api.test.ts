import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCatalog, createCustomer, startStandIn, type StandIn } from './support.ts';

let standIn: StandIn;
beforeAll(async () => {
  standIn = await startStandIn();
});
afterAll(() => standIn.server.close());

describe('the API', () => {
  it('answers an entity with the id of the request, and 404 for one that is not there', async () => {
    const { id } = await createCustomer(standIn);
    expect(await standIn.call(`GET /customers/${id}`)).toMatchObject({
      status: 200,
      data: { id },
      meta: { request_id: expect.any(String) },
    });
    expect(await standIn.call('GET /customers/ctm_none')).toMatchObject({
      status: 404,
      error: { type: 'request_error', code: 'not_found' },
    });
  });

  it('refuses a request without the key', async () => {
    const answer = await standIn.call('GET /customers', undefined, { authorization: 'Bearer other' });
    expect(answer).toMatchObject({ status: 403, error: { code: 'authentication_missing' } });
  });

  it('names each field that is unknown, missing or malformed', async () => {
    const answer = await standIn.call('POST /prices', {
      description: 'x',
      unit: 1,
      unit_price: { amount: 5 },
    });
    expect(answer).toMatchObject({ status: 400, error: { code: 'invalid_field' } });
    const fields = answer.error.errors?.map(({ field }) => field);
    expect(fields).toEqual(
      expect.arrayContaining(['unit', 'product_id', 'unit_price.amount', 'unit_price.currency_code']),
    );
  });

  it('has one customer for each address of mail', async () => {
    const { email, id } = await createCustomer(standIn);
    const answer = await standIn.call('POST /customers', { email: email.toUpperCase() });
    expect(answer).toMatchObject({ status: 409, error: { code: 'customer_already_exists' } });
    expect(answer.error.detail).toContain(id);
  });

  it('leads through a list from page to page, the newest first', async () => {
    const created = [];
    for (let index = 0; index < 7; index++) created.unshift((await createCustomer(standIn)).id);
    const ids = [];
    let next = '/customers?per_page=2';
    for (let pages = 0; pages < 3; pages++) {
      const answer = await standIn.call<{ id: string }[]>(`GET ${next}`);
      ids.push(...answer.data.map(({ id }) => id));
      expect(answer.meta.pagination?.has_more).toBe(true);
      next = answer.meta.pagination?.next ?? '';
    }
    expect(ids).toEqual(created.slice(0, 6));
    expect(await standIn.call('GET /customers?after=ctm_none')).toMatchObject({ status: 400 });
  });

  it('keeps prices that were made for one transaction out of the list of prices', async () => {
    const { product } = await createCatalog(standIn);
    const price = {
      description: 'Once',
      product_id: product,
      unit_price: { amount: '700', currency_code: 'USD' },
      custom_data: { key: 'a' },
    };
    const transaction = await standIn.data<{ items: { price: { id: string; type: string } }[] }>(
      'POST /transactions',
      { items: [{ price, quantity: 2 }] },
    );
    const made = transaction.items[0]?.price;
    expect(made).toMatchObject({ type: 'custom', custom_data: { key: 'a' } });
    const listed = await standIn.data<{ id: string }[]>('GET /prices?per_page=200');
    expect(listed.map(({ id }) => id)).not.toContain(made?.id);
    expect(await standIn.data(`GET /prices?id=${made?.id}`)).toMatchObject([{ id: made?.id }]);
  });
});

describe('faults', () => {
  it('come for the one request whose header asks for them', async () => {
    const header = { 'stand-in-fault': JSON.stringify({ status: 503 }) };
    expect((await standIn.call('GET /customers', undefined, header)).status).toBe(503);
    expect((await standIn.call('GET /customers')).status).toBe(200);
  });

  it('come for the next requests of a path', async () => {
    await standIn.control('faults', { next: [{ status: 429, path: '/prices' }] });
    expect((await standIn.call('GET /products')).status).toBe(200);
    expect((await standIn.call('GET /prices')).status).toBe(429);
    expect((await standIn.call('GET /prices')).status).toBe(200);
  });

  it('lose the answer of a request that was done, or the request itself', async () => {
    const count = async () => (await standIn.data<unknown[]>('GET /products?per_page=200')).length;
    const create = (fault: object) =>
      standIn.call(
        'POST /products',
        { name: 'Lost', tax_category: 'saas' },
        { 'stand-in-fault': JSON.stringify(fault) },
      );
    const before = await count();
    await expect(create({ loseAnswer: true })).rejects.toThrow();
    expect(await count()).toBe(before + 1);
    await expect(create({ drop: true })).rejects.toThrow();
    expect(await count()).toBe(before + 1);
  });
});
