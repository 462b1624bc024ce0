import { DIMENSIONS } from '../../../src/intelligence/memory-search/memory-search.rules.ts';
import { randomFrom } from '../../support/random.ts';
import type { MeasuredDatabase } from './memories-database.ts';

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

const wordOf = (topic: number, at: number) => WORDS[(topic * 7 + at * 3) % WORDS.length]!;
/** The word that only memories of the topic have: one in 512. */
export const nameOf = (topic: number) => `topic${topic}`;

/** Thirty words, some of them those of the topic. Each word is in about two thirds of all memories. */
const textOf = (topic: number): string =>
  Array.from({ length: 30 }, (_, at) =>
    at < 6 ? wordOf(topic, at) : WORDS[Math.floor(random() * WORDS.length)]!,
  ).join(' ') + ` ${nameOf(topic)}`;

export const pickTopic = (): number => Math.floor(random() * TOPICS);

/** Queries about a topic. */
export const QUERIES = {
  'a rare word': nameOf,
  'a common word': (topic: number) => wordOf(topic, 0),
  'three common words': (topic: number) => [0, 1, 2].map((at) => wordOf(topic, at)).join(' '),
  'a rare word among three common ones': (topic: number) =>
    [nameOf(topic), ...[0, 1, 2].map((at) => wordOf(topic, at))].join(' '),
  '200 words, all common': (topic: number) =>
    Array.from({ length: 200 }, (_, at) => WORDS[(topic + at) % WORDS.length]!).join(' '),
} satisfies Record<string, (topic: number) => string>;
export type QueryKind = keyof typeof QUERIES;

/** Memories of one owner. */
export interface FilledSpace {
  space: string;
  memories: number;
}

const columnsOf = (space: string) => {
  const [scope, id] = space.split(':') as [string, string | undefined];
  return {
    scope,
    ...(id ? { [{ person: 'user_id', agent: 'agent_id', room: 'room_id' }[scope]!]: id } : {}),
  };
};

/** The owner of each memory, mixed as in time. */
function mix(spaces: readonly FilledSpace[]): string[] {
  const owners = spaces.flatMap(({ space, memories }) => Array.from({ length: memories }, () => space));
  for (let at = owners.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [owners[at], owners[other]] = [owners[other]!, owners[at]!];
  }
  return owners;
}

/** Fills an organization with memories of one passage each, whose rooms and people are not there. */
export async function fillOrganization(
  database: MeasuredDatabase,
  organizationId: string,
  spaces: readonly FilledSpace[],
): Promise<void> {
  await database.run([
    `insert into organizations (id, name, slug, settings, created_at, updated_at) values ($1, $1, $1, '{}', now(), now())`,
    organizationId,
  ]);
  const owners = mix(spaces);
  for (let from = 0; from < owners.length; from += BATCH) {
    const rows = owners.slice(from, from + BATCH).map((space, at) => {
      const topic = pickTopic();
      return {
        id: `${organizationId}_${String(from + at).padStart(6, '0')}`,
        text: `${textOf(topic)} ${from + at}`,
        vector: vectorOf(topic),
        space,
        ...columnsOf(space),
      };
    });
    const made = `jsonb_to_recordset($1::jsonb) as made (id text, text text, vector text, space text, scope text, user_id text, agent_id text, room_id text)`;
    const json = JSON.stringify(rows);
    await database.run(
      ['set local session_replication_role = replica'],
      [
        `insert into memories (id, organization_id, scope, space, user_id, agent_id, room_id, content, content_hash, author, created_at, updated_at)
          select id, $2, scope, space, user_id, agent_id, room_id, text, id, 'usr', now(), now() from ${made}`,
        json,
        organizationId,
      ],
      [
        `insert into memory_chunks (id, organization_id, memory_id, space, text, search)
          select id || '.1.0', $2, id, space, text, to_tsvector('simple', text) || array_to_tsvector(array[$2]) from ${made}`,
        json,
        organizationId,
      ],
      [
        `insert into memory_vectors (chunk_id, organization_id, space, model, embedding, embedded_at)
          select id || '.1.0', $2, space, 'bench@1', vector::halfvec, now() from ${made}`,
        json,
        organizationId,
      ],
    );
  }
}
