import { escapePointer } from './storable.ts';

const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/** An object or list that is being read, and where in it: the name or the number of the present value. */
interface Container {
  names: Set<string> | undefined;
  part: string | number;
}

/**
 * The JSON pointer of the first name that an object has twice; undefined when there is none. Parsers differ in which of the
 * two they take, so what a proxy has checked may not be what is done.
 * @param json well-formed JSON
 */
export function findRepeatedName(json: string): string | undefined {
  const open: Container[] = [];
  let lastText = '';
  for (const [token] of json.matchAll(TOKENS)) {
    const inner = open.at(-1);
    if (token === '{') open.push({ names: new Set(), part: '' });
    else if (token === '[') open.push({ names: undefined, part: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',') {
      if (typeof inner?.part === 'number') inner.part++;
    } else if (token === ':') {
      const name = JSON.parse(lastText) as string;
      inner!.part = name;
      if (inner!.names!.has(name)) return open.map(({ part }) => `/${escapePointer(part)}`).join('');
      inner!.names!.add(name);
    } else lastText = token;
  }
  return undefined;
}
