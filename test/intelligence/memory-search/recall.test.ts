import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { EmbeddingsStandIn, embeddingsOf } from '../../support/ai/embeddings.ts';
import { recall, recallTexts, storeTexts, switchMemory } from '../../support/memories.ts';
import { ownerSql } from '../../contract/sql.ts';

let app: TestApp;
let owner: Person;
let model: EmbeddingsStandIn;

beforeEach(async () => {
  model = new EmbeddingsStandIn();
  app = createTestApp({ memoryEmbeddings: embeddingsOf(model) });
  owner = await app.person();
});

describe('by words', () => {
  it('finds memories without a model of embeddings, and says so', async () => {
    app = createTestApp();
    owner = await app.person();
    await storeTexts(app, owner, ['The weekly review is on Monday.', 'Ann prefers tea.']);
    expect(await recall(app, owner, { query: 'When is the review?' })).toMatchObject({
      status: 200,
      body: {
        data: [{ memory: { content: 'The weekly review is on Monday.' }, similarity: null }],
        searchedBy: ['text'],
      },
    });
  });

  it.each([
    ['accents and letter case', 'Le CAFÉ ouvre à huit heures', 'cafe'],
    ['a script without spaces', '明日の会議は東京で開きます', '東京'],
    ['a word beside punctuation', 'see invoice-2041/final', '2041'],
  ])('finds a word whatever %s', async (_what, content, query) => {
    await storeTexts(app, owner, [content, 'Something else entirely']);
    model.failing = 'unavailable';
    expect(await recallTexts(app, owner, query)).toEqual([content]);
  });

  it('takes a query of signs that mean something to the database as words', async () => {
    await storeTexts(app, owner, ['The review is on Monday.']);
    for (const query of ["review & ! ( | ':*", "'; drop table memories; --", '!!! ???', '<-> review'])
      expect(await recall(app, owner, { query })).toMatchObject({ status: 200 });
  });

  it('finds the passage of a long text that has the words', async () => {
    const filler = Array.from(
      { length: 150 },
      (_, at) => `Sentence number ${at} says nothing of interest.`,
    ).join(' ');
    await storeTexts(app, owner, [`${filler} The vault opens with a violin. ${filler}`.slice(0, 7900)]);
    const { body } = await recall(app, owner, { query: 'violin' });
    expect(body.data).toHaveLength(1);
    expect(body.data[0].passage).toContain('The vault opens with a violin.');
    expect(body.data[0].passage.length).toBeLessThan(1000);
  });
});

describe('by meaning', () => {
  it('finds what has no word in common with the query', async () => {
    model.meanings.set('meeting', 'review');
    await storeTexts(app, owner, ['review', 'tea']);
    await app.drain();
    const { body } = await recall(app, owner, { query: 'meeting', limit: 1 });
    expect(body).toMatchObject({
      data: [{ memory: { content: 'review' }, similarity: expect.closeTo(1, 2) }],
      searchedBy: ['text', 'meaning'],
    });
  });

  it('leaves out what is less near than asked for, and what was found by words alone', async () => {
    await storeTexts(app, owner, ['tea with milk', 'the weekly review']);
    await app.drain();
    await storeTexts(app, owner, ['a review of tea']); // without a vector
    expect(await recallTexts(app, owner, 'the weekly review', { minSimilarity: 0.9 })).toEqual([
      'the weekly review',
    ]);
  });

  it('prefers what both ways of searching find', async () => {
    await storeTexts(app, owner, ['tea', 'the review', 'review the budget on monday']);
    await app.drain();
    expect((await recallTexts(app, owner, 'the review'))[0]).toBe('the review');
  });

  it('searches by words alone, and says so, while the provider fails', async () => {
    await storeTexts(app, owner, ['the weekly review']);
    await app.drain();
    model.failing = 'busy';
    expect(await recall(app, owner, { query: 'review' })).toMatchObject({
      body: { data: [{ memory: { content: 'the weekly review' } }], searchedBy: ['text'] },
    });
  });

  it('leaves a text without a meaning without a vector, and makes those of all others', async () => {
    model.meaningless = /^hm$/;
    await storeTexts(app, owner, ['hm', 'tea', 'the weekly review']);
    await app.drain();
    const vectors = await ownerSql(
      `select c.text from memory_vectors v join memory_chunks c on c.id = v.chunk_id
       where v.organization_id = $1 and v.embedding is not null order by c.text`,
      [owner.organizationId],
    );
    expect(vectors).toEqual([{ text: 'tea' }, { text: 'the weekly review' }]);
    expect(await recall(app, owner, { query: 'hm' })).toMatchObject({
      body: { data: [{ memory: { content: 'hm' } }], searchedBy: ['text'] },
    });
  });

  it('never takes a vector of another size', async () => {
    model.dimensions = 100;
    await storeTexts(app, owner, ['the weekly review']);
    await app.drain();
    expect(await recall(app, owner, { query: 'review' })).toMatchObject({ body: { searchedBy: ['text'] } });
    expect(
      await ownerSql('select 1 from memory_vectors where organization_id = $1', [owner.organizationId]),
    ).toEqual([]);
  });
});

describe("a person's own memory", () => {
  it('is recalled to them alone, and only while they have it switched on', async () => {
    const colleague = await app.person({ role: 'member', organizationId: owner.organizationId });
    await switchMemory(app, colleague, true);
    await storeTexts(app, colleague, ['my salary is a secret'], { scope: 'person' });
    await app.drain();
    expect(await recallTexts(app, colleague, 'salary secret')).toEqual(['my salary is a secret']);
    expect(await recallTexts(app, owner, 'salary secret')).toEqual([]);
    await switchMemory(app, colleague, false);
    expect(await recallTexts(app, colleague, 'salary secret')).toEqual([]);
  });
});
