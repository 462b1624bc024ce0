import type { ObjectStore } from './objects.ports.ts';

/** Kinds of objects that are erased with their organization; `audit` stays, as evidence. */
const ERASED_KINDS = ['files', 'recordings', 'operations'];
/** Pages of 1,000 objects of each kind: more would be too many requests for one run. */
const MAX_PAGES = 20;

/** Deletes the objects of an erased organization, at most 20,000 of each kind. */
export async function eraseObjectsOf(objects: ObjectStore, organizationId: string): Promise<void> {
  for (const kind of ERASED_KINDS) {
    for (let page = 0; page < MAX_PAGES; page++) {
      const { objects: found, nextAfter } = await objects.list(`${kind}/${organizationId}/`);
      if (found.length > 0) await objects.delete(found.map(({ key }) => key));
      if (nextAfter === null) break;
    }
  }
}
