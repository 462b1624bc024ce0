import { posix } from 'node:path';
import { Refusal } from '../processes/serve-requests.ts';
import type { Archive } from './archive.ts';
import { type Attributes, readXml } from './read-xml.ts';

const idOf = (attributes: Attributes) =>
  Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1];

/** The first element of this name that is shown, and the id of the part that it stands for. */
async function findId(archive: Archive, main: string, element: string): Promise<string | undefined> {
  let found: string | undefined;
  await readXml(archive, main, {
    open(name, attributes) {
      if (name === element && (attributes.state ?? 'visible') === 'visible') found ??= idOf(attributes);
    },
    isDone: () => found !== undefined,
  });
  return found;
}

/** The name of the part of the first slide or sheet that is shown. @throws Refusal where there is none */
export async function findFirstPart(archive: Archive, main: string, element: string): Promise<string> {
  const id = await findId(archive, main, element);
  const folder = posix.dirname(main);
  let target: string | undefined;
  await readXml(archive, `${folder}/_rels/${posix.basename(main)}.rels`, {
    open(name, attributes) {
      if (name === 'Relationship' && attributes.Id === id && attributes.TargetMode !== 'External')
        target ??= attributes.Target;
    },
    isDone: () => target !== undefined,
  });
  if (id === undefined || target === undefined) throw new Refusal('the document has no first page');
  return target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
}
