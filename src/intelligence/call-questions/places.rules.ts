import type { Moment } from './answer.rules.ts';

/**
 * The positions of consecutive lines: segments in equal steps, or a message of the chat. A few of these stand for
 * thousands of lines.
 */
export type Places =
  | { kind: 'speech'; from: number; step: number; count: number }
  | { kind: 'chat'; id: string };

type LineRef = Pick<Moment, 'kind' | 'id'>;

/** The run that a segment continues; undefined when it continues none. */
function continued(last: Places | undefined, position: number): Places | undefined {
  if (last?.kind !== 'speech') return undefined;
  const step = last.count === 1 ? position - last.from : last.step;
  return step > 0 && position === last.from + step * last.count
    ? { ...last, step, count: last.count + 1 }
    : undefined;
}

export function placesOf(lines: readonly LineRef[]): Places[] {
  const places: Places[] = [];
  for (const { kind, id } of lines) {
    const longer = kind === 'speech' ? continued(places.at(-1), Number(id)) : undefined;
    if (longer) places[places.length - 1] = longer;
    else places.push(kind === 'chat' ? { kind, id } : { kind, from: Number(id), step: 1, count: 1 });
  }
  return places;
}

/** The lines again, in their order. */
export const linesAt = (places: readonly Places[]): LineRef[] =>
  places.flatMap((each): LineRef[] =>
    each.kind === 'chat'
      ? [{ kind: each.kind, id: each.id }]
      : Array.from({ length: each.count }, (_, at) => ({
          kind: each.kind,
          id: String(each.from + at * each.step),
        })),
  );
