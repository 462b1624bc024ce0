import type { Client } from 'pg';
import { DIMENSIONS } from '../../../src/intelligence/memory-search/memory-search.rules.ts';
import { randomFrom } from '../../support/random.ts';

const TOPICS = 512;
const BATCH = 1_000;
const WORDS =
  'budget launch review invoice latency caption recording consent webhook retention summary customer pricing roadmap security migration hiring quarter metric outage speaker agenda follow deadline partner contract region quota device network'.split(
    ' ',
  );

const random = randomFrom(20_261_129);
const gauss = () => Math.sqrt(-2 * Math.log(random() + 1e-9)) * Math.cos(2 * Math.PI * random());
const CENTRES = Array.from({ length: TOPICS }, () => Array.from({ length: DIMENSIONS }, gauss));

/** A vector near the centre of a topic, of length 1. */
export function vectorOf(topic: number): string {
  const vector = CENTRES[topic]!.map((value) => value + 0.9 * gauss());
  const length = Math.hypot(...vector);
  return `[${vector.map((value) => (value / length).toFixed(4)).join(',')}]`;
}

/** Thirty words, some of them those of the topic. */
const textOf = (topic: number): string =>
  Array.from(
    { length: 30 },
    (_, at) => WORDS[at < 6 ? (topic * 7 + at * 3) % WORDS.length : Math.floor(random() * WORDS.length)]!,
  ).join(' ') + ` topic${topic}`;

export const pickTopic = (): number => Math.floor(random() * TOPICS);

/** Three words of a topic that many memories have, or the one that only those of the topic have. */
export const queryOf = (topic: number, kind: 'common words' | 'a rare word'): string =>
  kind === 'a rare word'
    ? `topic${topic}`
    : [0, 3, 6].map((step) => WORDS[(topic * 7 + step) % WORDS.length]!).join(' ');

/** Fills an organization with memories of one passage each. */
export async function fillOrganization(
  client: Client,
  organizationId: string,
  memories: number,
): Promise<void> {
  await client.query(
    `insert into organizations (id, name, slug, settings, created_at, updated_at) values ($1, $1, $1, '{}', now(), now())`,
    [organizationId],
  );
  for (let from = 0; from < memories; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, memories - from) }, (_, at) => {
      const topic = pickTopic();
      return {
        id: `${organizationId}_${from + at}`,
        text: `${textOf(topic)} ${from + at}`,
        vector: vectorOf(topic),
      };
    });
    const rowsAsJson = [JSON.stringify(rows), organizationId];
    const made = `jsonb_to_recordset($1::jsonb) as made (id text, text text, vector text)`;
    await client.query(
      `insert into memories (id, organization_id, scope, space, content, content_hash, author, created_at, updated_at)
        select id, $2, 'organization', 'organization', text, id, 'usr', now(), now() from ${made}`,
      rowsAsJson,
    );
    await client.query(
      `insert into memory_chunks (id, organization_id, memory_id, space, text, search)
        select id, $2, id, 'organization', text, to_tsvector('simple', text) || array_to_tsvector(array[$2]) from ${made}`,
      rowsAsJson,
    );
    await client.query(
      `insert into memory_vectors (chunk_id, organization_id, space, model, embedding, embedded_at)
        select id, $2, 'organization', 'bench@1', vector::halfvec, now() from ${made}`,
      rowsAsJson,
    );
  }
}
